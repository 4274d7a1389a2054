import { ReeltagError } from '@reeltag/contracts'
import type { Config } from '@reeltag/platform'
import type { RedecisionRow, RedecisionsRepository } from '@reeltag/policies'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { namedArguments } from '../arguments/arguments.js'
import { openBar } from './open-bar.js'
import { opened } from './opened-policies.js'

export const redecisionUsage = `  policies redecide <name/number>|none [--no-wait] [--workspace default] [--as <who>]
  policies redecisions [--workspace default]
  policies redecide-stop <id> [--workspace default]`

type Print = (line: string) => void

const pollMs = 500
const listMax = 50
const untakenMs = 15_000
const untaken = `nothing has been decided for ${untakenMs / 1_000} s: is a platform running whose REELTAG_SERVICES has policies? It is begun, and goes on by itself; Ctrl-C ends the watching only`
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

/** The platform carries it out, so that whoever interrupts the command only stops watching. */
const ended = async (
  redecisions: RedecisionsRepository,
  workspaceId: string,
  begun: RedecisionRow,
): Promise<RedecisionRow> => {
  const bar = openBar('contents')
  bar.start(begun.total, begun.examined)
  let row = begun
  for (let polls = 1; row.state === 'running'; polls++) {
    await sleep(pollMs)
    row = (await redecisions.find(workspaceId, row.id)) ?? row
    bar.update(row.examined)
    if (polls * pollMs === untakenMs && row.examined === begun.examined) process.stderr.write(`${untaken}\n`)
  }
  bar.stop()
  return row
}

const redecide = async (config: Config, args: string[], print: Print): Promise<number> => {
  const more = { as: { type: 'string' }, 'no-wait': { type: 'boolean', default: false } } as const
  const { values, positionals } = parseArgs({ args, options: { ...options, ...more }, allowPositionals: true })
  const policy = namedArguments(positionals, ['name/number'])['name/number']
  return opened(config, values, async ({ policies: { redecisions }, workspaceId, actor }) => {
    const begun = await redecisions.start({ workspaceId, actor }, policy === 'none' ? null : policy)
    const row = values['no-wait'] ? begun : await ended(redecisions, workspaceId, begun)
    print(lineOf(row))
    return row.state === 'stopped' || row.state === 'superseded' ? 1 : 0
  })
}

const list = async (config: Config, args: string[], print: Print): Promise<void> => {
  const { values } = parseArgs({ args, options })
  await opened(config, values, async ({ policies: { redecisions }, workspaceId }) => {
    for (const row of await redecisions.list(workspaceId, listMax, undefined)) print(lineOf(row))
  })
}

const stop = async (config: Config, args: string[], print: Print): Promise<void> => {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  const { id } = namedArguments(positionals, ['id'])
  await opened(config, values, async ({ policies: { redecisions }, workspaceId }) => {
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
