import { pipeline, ReeltagError, StartRerun } from '@reeltag/contracts'
import { findWorkspace, Reruns, type RerunRow } from '@reeltag/pipeline'
import type { Config } from '@reeltag/platform'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { checked, namedArguments, wrongArgument } from '../arguments/arguments.js'
import { withDatabase } from './with-database.js'

export const rerunUsage = `  queues retry-failed [--queue <queue>] [--stage <stage>] [--code <code>,…] [--workspace default] [--wait]
  contents rerun --missing|--all [--workspace default] [--wait]
  contents reruns [--workspace default]
  contents rerun-stop <id> [--workspace default]`

type Print = (line: string) => void

const pollMs = 1_000
const listMax = 50
const target = { workspace: { type: 'string', default: 'default' } } as const
const waiting = { ...target, wait: { type: 'boolean', default: false } } as const

const lineOf = ({ id, selection, state, pack, total, examined, restarted, postponed }: RerunRow): string =>
  [
    id,
    selection,
    state,
    pack,
    `examined=${examined}/${total}`,
    `restarted=${restarted}`,
    `postponed=${postponed}`,
  ].join('\t')

const ended = async (reruns: Reruns, workspaceId: string, begun: RerunRow): Promise<RerunRow> => {
  let row = begun
  while (row.state === 'running') {
    await sleep(pollMs)
    row = (await reruns.find(workspaceId, row.id)) ?? row
  }
  return row
}

interface Begin {
  readonly workspace: string
  readonly wait: boolean
}

const start = async (config: Config, wanted: unknown, { workspace, wait }: Begin, print: Print): Promise<void> => {
  const rerun = checked(StartRerun, wanted, { codes: '--code' })
  await withDatabase(config, async (db) => {
    const { id: workspaceId } = await findWorkspace(db, workspace)
    const reruns = new Reruns(db, pipeline)
    const begun = await reruns.start(workspaceId, rerun)
    print(lineOf(wait ? await ended(reruns, workspaceId, begun) : begun))
  })
}

const retryFailed = (config: Config, args: string[], print: Print): Promise<void> => {
  const one = { type: 'string' } as const
  const { values } = parseArgs({ args, options: { ...waiting, queue: one, stage: one, code: one } })
  const { queue, stage, code } = values
  return start(config, { contents: 'failed', queue, stage, codes: code?.split(',') }, values, print)
}

const rerun = (config: Config, args: string[], print: Print): Promise<void> => {
  const flag = { type: 'boolean', default: false } as const
  const { values } = parseArgs({ args, options: { ...waiting, missing: flag, all: flag } })
  if (values.missing === values.all) throw wrongArgument('--missing or --all', 'is needed: choose one of them')
  return start(config, { contents: values.all ? 'all' : 'missing' }, values, print)
}

const list = (config: Config, args: string[], print: Print): Promise<void> => {
  const { workspace } = parseArgs({ args, options: target }).values
  return withDatabase(config, async (db) => {
    const rows = await new Reruns(db, pipeline).list((await findWorkspace(db, workspace)).id, listMax, undefined)
    for (const row of rows) print(lineOf(row))
  })
}

const stop = (config: Config, args: string[], print: Print): Promise<void> => {
  const { values, positionals } = parseArgs({ args, options: target, allowPositionals: true })
  const { id } = namedArguments(positionals, ['id'])
  return withDatabase(config, async (db) => {
    const row = await new Reruns(db, pipeline).stop((await findWorkspace(db, values.workspace)).id, id)
    if (row === undefined) throw new ReeltagError('NOT_FOUND', `there is no rerun ${id}`)
    print(lineOf(row))
  })
}

export const rerunCommands = {
  'queues retry-failed': retryFailed,
  'contents rerun': rerun,
  'contents reruns': list,
  'contents rerun-stop': stop,
}
