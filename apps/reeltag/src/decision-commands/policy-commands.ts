import { ActivatePolicy, DraftPolicy, ReeltagError, type PolicyDocument, type PolicyReplay } from '@reeltag/contracts'
import type { PoliciesService, PolicyRow } from '@reeltag/policies'
import type { Config } from '@reeltag/platform'
import os from 'node:os'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { withDatabase } from '../commands/with-database.js'
import { openBar } from './open-bar.js'
import { routingOf, routingUsage } from './routing-options.js'

export const policyUsage = `  policies draft <name> --target <facet>[:<node>]=<error> … [--delta 0.1] [--workspace default] [--as <who>]
${routingUsage}
  policies replay <name/number> [--workspace default]
  policies activate <name/number> --replaces <name/number>|none [--workspace default] [--as <who>]
  policies retire <name/number> [--workspace default] [--as <who>]
  policies list [--workspace default]
  policies show <name/number> [--workspace default] [--json]`

type Print = (line: string) => void

const options = {
  workspace: { type: 'string', default: 'default' },
  as: { type: 'string' },
  json: { type: 'boolean', default: false },
  replaces: { type: 'string' },
  delta: { type: 'string' },
  target: { type: 'string', multiple: true },
  rule: { type: 'string', multiple: true },
  cost: { type: 'string', multiple: true },
  routing: { type: 'string' },
  'candidate-error': { type: 'string' },
  coherence: { type: 'string' },
} as const

interface Opened {
  readonly service: PoliciesService
  readonly list: (limit: number) => Promise<PolicyRow[]>
  readonly get: (id: string) => Promise<PolicyRow>
  readonly workspaceId: string
  readonly actor: string
}

const opened = async <T>(
  config: Config,
  values: { readonly workspace: string; readonly as?: string | undefined },
  run: (it: Opened) => Promise<T>,
): Promise<T> => {
  // Plots and statistics are loaded by those commands only that need them.
  const { openPolicies } = await import('@reeltag/policies')
  return withDatabase(config, async (db) => {
    const workspace = await db.prisma.workspace.findUnique({ where: { name: values.workspace } })
    if (workspace === null) throw new ReeltagError('NOT_FOUND', `there is no workspace ${values.workspace}`)
    const { service, repository } = openPolicies(db, config.models)
    return run({
      service,
      list: (limit) => repository.list(workspace.id, limit, undefined),
      get: (id) => repository.get(workspace.id, id),
      workspaceId: workspace.id,
      actor: values.as ?? os.userInfo().username,
    })
  })
}

const refOf = ([ref]: readonly string[]): string => {
  if (ref === undefined) throw new ReeltagError('CONFIG_INVALID', `the name of the policy is missing\n${policyUsage}`)
  return ref
}

const checked = <S extends z.ZodType>(schema: S, value: unknown): z.infer<S> => {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new ReeltagError('CONFIG_INVALID', `${problems.join('; ')}\n${policyUsage}`)
}

/** `subject=0.05`, or `subject:animals=0.01`. */
const toTarget = (text: string): unknown => {
  const [, facet, under, error] = /^([^:=]+)(?::([^=]+))?=([\d.]+)$/.exec(text) ?? []
  if (facet === undefined)
    throw new ReeltagError('CONFIG_INVALID', `--target takes facet=error or facet:node=error, not ${text}`)
  return { facet, error: Number(error), ...(under === undefined ? {} : { under }) }
}

const draft = async (config: Config, args: string[], print: Print): Promise<void> => {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  const delta = values.delta === undefined ? {} : { delta: Number(values.delta) }
  const { 'candidate-error': candidates, coherence } = values
  const routing = routingOf(values)
  const wanted = checked(DraftPolicy, {
    name: refOf(positionals),
    targets: (values.target ?? []).map(toTarget),
    ...delta,
    ...(candidates === undefined ? {} : { candidates: { error: Number(candidates) } }),
    ...(routing === undefined ? {} : { routing }),
    ...(coherence === undefined ? {} : { coherence }),
  })
  await opened(config, values, async ({ service, workspaceId, actor }) => {
    const policy = await service.draft({ workspaceId, actor }, wanted)
    print(policy.ref)
    for (const line of provenLines(policy.document as PolicyDocument)) print(line)
  })
}

const provenLines = ({ facets, evidence }: PolicyDocument): string[] => [
  ...Object.entries(facets).flatMap(([facet, { publish }]) =>
    Object.entries(publish).flatMap(([mask, it]) =>
      it.kind === 'certified'
        ? [
            ...it.groups.map(({ under, error, at, n, k, bound }) =>
              [
                facet,
                mask,
                under ?? '*',
                `error ≤ ${error}`,
                `from ${at.toPrecision(4)}`,
                `${k} of ${n} wrong`,
                `bound ${bound.toPrecision(3)}`,
              ].join('\t'),
            ),
            ...(it.toReview ?? []).map(({ under, because }) =>
              [facet, mask, under ?? '*', `to review: ${because}`].join('\t'),
            ),
          ]
        : [[facet, mask, '*', it.kind === 'never' ? `never: ${it.because}` : it.kind].join('\t')],
    ),
  ),
  ...Object.entries(facets).flatMap(([facet, { candidates = {} }]) =>
    Object.entries(candidates).map(([mask, { alpha, groups }]) => {
      const labels = groups.reduce((sum, { n }) => sum + n, 0)
      const promise = `candidates hold the truth with ${percent(1 - alpha)}`
      return [facet, mask, promise, `${labels} labels, ${groups.length} groups`].join('\t')
    }),
  ),
  `truth\t${evidence.labelled} contents, ${evidence.calibrated} for the calibration, ${evidence.certified} for the proof`,
  ...Object.entries(evidence.leftOut).map(([reason, count]) => `left out\t${count}\t${reason}`),
]

const replay = async (config: Config, args: string[], print: Print): Promise<void> => {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  await opened(config, values, async ({ service, workspaceId }) => {
    const bar = openBar('contents')
    const progress = (done: number, total: number): void => (bar.isActive ? bar.update(done) : bar.start(total, done))
    const policy = await service.replay(workspaceId, refOf(positionals), { progress }).finally(() => bar.stop())
    for (const line of replayLines(policy)) print(line)
  })
}

const replayLines = ({ ref, replay: found }: PolicyRow): string[] => (found === null ? [] : [ref, ...replayed(found)])

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`

const replayed = ({
  contents,
  undecidable,
  coverage,
  decisions,
  reviewMinutes,
  judged,
  flips,
}: PolicyReplay): string[] => [
  `contents\t${contents}${undecidable > 0 ? `, and ${undecidable} whose scores were not kept` : ''}`,
  ['', 'in force', 'this policy'].join('\t'),
  ['published', percent(coverage.before), percent(coverage.after)].join('\t'),
  ...(['published', 'published-ancestor', 'review'] as const).map((it) =>
    [`  ${it}`, decisions.before[it], decisions.after[it]].join('\t'),
  ),
  ['reviewer hours', (reviewMinutes.before / 60).toFixed(1), (reviewMinutes.after / 60).toFixed(1)].join('\t'),
  `with a truth\t${judged.contents}: ${judged.published} published, ${judged.wrong} of them wrongly`,
  ...flips
    .slice(0, 10)
    .map(({ before, after, contents: count }) => `${count}\t${before ?? 'review'} → ${after ?? 'review'}`),
]

const activate = async (config: Config, args: string[], print: Print): Promise<void> => {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  if (values.replaces === undefined)
    throw new ReeltagError('CONFIG_INVALID', `--replaces takes the policy in force, or none\n${policyUsage}`)
  const wanted = checked(ActivatePolicy, { replaces: values.replaces === 'none' ? null : values.replaces })
  await opened(config, values, async ({ service, workspaceId, actor }) => {
    const policy = await service.activate({ workspaceId, actor }, refOf(positionals), wanted)
    print(`${policy.ref} is in force`)
  })
}

const retire = async (config: Config, args: string[], print: Print): Promise<void> => {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  await opened(config, values, async ({ service, workspaceId, actor }) => {
    const policy = await service.retire({ workspaceId, actor }, refOf(positionals))
    print(`${policy.ref} is retired: the pack decides by itself`)
  })
}

const list = async (config: Config, args: string[], print: Print): Promise<void> => {
  const { values } = parseArgs({ args, options })
  await opened(config, values, async ({ list: read }) => {
    for (const { ref, state, pack, created_by, created_at } of await read(listMax))
      print([ref, state, pack, created_by, created_at.toISOString()].join('\t'))
  })
}

const listMax = 50

const show = async (config: Config, args: string[], print: Print): Promise<void> => {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  await opened(config, values, async ({ get }) => {
    const policy = await get(refOf(positionals))
    if (values.json)
      return print(
        JSON.stringify({ ref: policy.ref, state: policy.state, document: policy.document, replay: policy.replay }),
      )
    print([policy.ref, policy.state, policy.pack].join('\t'))
    for (const line of [...provenLines(policy.document as PolicyDocument), ...replayLines(policy).slice(1)]) print(line)
  })
}

export const policyCommands = {
  'policies draft': draft,
  'policies replay': replay,
  'policies activate': activate,
  'policies retire': retire,
  'policies list': list,
  'policies show': show,
}
