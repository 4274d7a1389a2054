import { ReeltagError } from '@reeltag/contracts'
import { findWorkspace } from '@reeltag/pipeline'
import type { Config } from '@reeltag/platform'
import type { RedecisionRow, RedecisionsRepository } from '@reeltag/policies'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { actorOf, namedArguments } from '../arguments/arguments.js'
import { withDatabase } from '../commands/with-database.js'
import { openBar } from './open-bar.js'

export const redecisionUsage = `  policies redecide <name/number>|none [--no-wait] [--workspace default] [--as <who>]
  policies redecisions [--workspace default]
  policies redecide-stop <id> [--workspace default]`

type Print = (line: string) => void

const pollMs = 500
const listMax = 50
const options = { workspace: { type: 'string', default: 'default' } } as const

const lineOf = (row: RedecisionRow): string =>
  [
    row.id,
    row.policy ?? 'none',
    row.state,
    row.pack,
    `examined=${row.examined}/${row.total}`,
    `changed=${row.changed}`,
    `unchanged=${row.unchanged}`,
    `postponed=${row.postponed}`,
    ...Object.entries(row.undecidable).map(([reason, count]) => `${reason}=${count}`),
  ].join('\t')

const opened = async <T>(
  config: Config,
  workspace: string,
  run: (redecisions: RedecisionsRepository, workspaceId: string) => Promise<T>,
): Promise<T> => {
  const { openPolicies } = await import('@reeltag/policies')
  return withDatabase(config, async (db) =>
    run(openPolicies(db, config.models).redecisions, (await findWorkspace(db, workspace)).id),
  )
}

/** The platform carries it out, so that whoever interrupts the command only stops watching. */
const ended = async (
  redecisions: RedecisionsRepository,
  workspaceId: string,
  begun: RedecisionRow,
): Promise<RedecisionRow> => {
  const bar = openBar('contents')
  bar.start(begun.total, begun.examined)
  let row = begun
  while (row.state === 'running') {
    await sleep(pollMs)
    row = (await redecisions.find(workspaceId, row.id)) ?? row
    bar.update(row.examined)
  }
  bar.stop()
  return row
}

const redecide = async (config: Config, args: string[], print: Print): Promise<number> => {
  const more = { as: { type: 'string' }, 'no-wait': { type: 'boolean', default: false } } as const
  const { values, positionals } = parseArgs({ args, options: { ...options, ...more }, allowPositionals: true })
  const policy = namedArguments(positionals, ['name/number'])['name/number']
  const actor = actorOf(values.as)
  return opened(config, values.workspace, async (redecisions, workspaceId) => {
    const begun = await redecisions.start({ workspaceId, actor }, policy === 'none' ? null : policy)
    const row = values['no-wait'] ? begun : await ended(redecisions, workspaceId, begun)
    print(lineOf(row))
    return row.state === 'stopped' || row.state === 'superseded' ? 1 : 0
  })
}

const list = async (config: Config, args: string[], print: Print): Promise<void> => {
  const { values } = parseArgs({ args, options })
  await opened(config, values.workspace, async (redecisions, workspaceId) => {
    for (const row of await redecisions.list(workspaceId, listMax, undefined)) print(lineOf(row))
  })
}

const stop = async (config: Config, args: string[], print: Print): Promise<void> => {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  const { id } = namedArguments(positionals, ['id'])
  await opened(config, values.workspace, async (redecisions, workspaceId) => {
    const row = await redecisions.stop(workspaceId, id)
    if (row === undefined) throw new ReeltagError('NOT_FOUND', `there is no redecision ${id}`)
    print(lineOf(row))
  })
}

export const redecisionCommands = {
  'policies redecide': redecide,
  'policies redecisions': list,
  'policies redecide-stop': stop,
}
