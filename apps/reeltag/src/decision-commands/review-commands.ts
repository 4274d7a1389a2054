import { ReviewCapacity, type ReviewCapacityView } from '@reeltag/contracts'
import { findWorkspace } from '@reeltag/pipeline'
import type { Config } from '@reeltag/platform'
import { CapacityRepository } from '@reeltag/review'
import { parseArgs } from 'node:util'
import { actorOf, checked, numberOf } from '../arguments/arguments.js'
import { withDatabase } from '../commands/with-database.js'

export const reviewUsage = `  review capacity [--reviewers <number> --sla-minutes <minutes> [--minutes-per-item 0.5]] [--workspace default] [--as <who>]
  review routing [--workspace default]`

type Print = (line: string) => void

const one = { type: 'string' } as const
const target = { workspace: { type: 'string', default: 'default' } } as const

const opened = <T>(
  config: Config,
  workspace: string,
  run: (capacities: CapacityRepository, workspaceId: string) => Promise<T>,
): Promise<T> =>
  withDatabase(config, async (db) => run(new CapacityRepository(db), (await findWorkspace(db, workspace)).id))

const capacity = (config: Config, args: string[], print: Print): Promise<void> => {
  const options = { ...target, as: one, reviewers: one, 'sla-minutes': one, 'minutes-per-item': one }
  const { values } = parseArgs({ args, options })
  const wanted = wantedOf(values)
  return opened(config, values.workspace, async (capacities, workspaceId) => {
    const actor = actorOf(values.as)
    const found =
      wanted === undefined ? await capacities.get(workspaceId) : await capacities.put(workspaceId, wanted, actor)
    print(capacityLine(found))
  })
}

const names: Readonly<Record<string, string>> = { slaMinutes: '--sla-minutes', minutesPerItem: '--minutes-per-item' }

/** @returns undefined where nothing is said, so that what was said before is shown */
const wantedOf = (values: Readonly<Record<string, string | undefined>>): ReviewCapacity | undefined => {
  const { reviewers, 'sla-minutes': slaMinutes, 'minutes-per-item': minutesPerItem } = values
  const said = Object.entries({ reviewers, slaMinutes, minutesPerItem }).filter(([, value]) => value !== undefined)
  if (said.length === 0) return undefined
  const given = Object.fromEntries(
    said.map(([name, value = '']) => [name, numberOf(names[name] ?? `--${name}`, value)]),
  )
  return checked(ReviewCapacity, given, names)
}

const capacityLine = ({ reviewers, slaMinutes, minutesPerItem, setBy, setAt }: ReviewCapacityView): string =>
  [`reviewers=${reviewers}`, `sla-minutes=${slaMinutes}`, `minutes-per-item=${minutesPerItem}`, setBy, setAt].join('\t')

const routing = (config: Config, args: string[], print: Print): Promise<void> => {
  const { workspace } = parseArgs({ args, options: target }).values
  return opened(config, workspace, async (capacities, workspaceId) => {
    const { items, late, ...found } = await capacities.routing(workspaceId)
    print(['routed', found.routedAt, found.policy ?? 'no policy: each error costs 1'].join('\t'))
    print([`review=${items.review}`, `decide=${items.decide}`, `hold=${items.hold}`, `late=${late}`].join('\t'))
    print(`minutes used\t${found.minutesUsed.toFixed(1)}`)
    print(`one more minute avoids\t${found.minutePrice.toPrecision(3)}`)
    print(`expected cost\tavoided ${found.costAvoided.toFixed(2)}\tleft ${found.costLeft.toFixed(2)}`)
  })
}

export const reviewCommands = { 'review capacity': capacity, 'review routing': routing }
