import { ActivatePolicy, DraftPolicy, type PolicyDocument, type PolicyReplay } from '@reeltag/contracts'
import type { PolicyRow } from '@reeltag/policies'
import { resolveUserPath, type Config } from '@reeltag/platform'
import { parseArgs } from 'node:util'
import { checked, namedArguments, numberOf, required, wrongArgument } from '../arguments/arguments.js'
import { openBar } from './open-bar.js'
import { languageOf, opened } from './opened-policies.js'
import { routingOf, routingUsage } from './routing-options.js'
import { writePlot } from './write-plot.js'

export const policyUsage = `  policies draft <name> --target <facet>[:<node>]=<error> … [--delta 0.1]
      [--calibration <name/number>] [--workspace default] [--as <who>]
${routingUsage}
  policies replay <name/number> [--workspace default]
  policies activate <name/number> --replaces <name/number>|none [--workspace default] [--as <who>]
  policies retire <name/number> [--workspace default] [--as <who>]
  policies list [--workspace default]
  policies show <name/number> [--workspace default] [--json]
  policies plot <name/number> --kind risk-coverage|thresholds --out <file.svg> [--facet <facet>] [--mask <streams>]
      [--rows 16] [--lang en|zh] [--workspace default]`

type Print = (line: string) => void

const options = {
  workspace: { type: 'string', default: 'default' },
  as: { type: 'string' },
  json: { type: 'boolean', default: false },
  replaces: { type: 'string' },
  delta: { type: 'string' },
  target: { type: 'string', multiple: true },
  calibration: { type: 'string' },
  kind: { type: 'string' },
  out: { type: 'string' },
  facet: { type: 'string' },
  mask: { type: 'string' },
  rows: { type: 'string', default: '16' },
  lang: { type: 'string', default: 'en' },
  rule: { type: 'string', multiple: true },
  cost: { type: 'string', multiple: true },
  routing: { type: 'string' },
  'candidate-error': { type: 'string' },
  coherence: { type: 'string' },
} as const

const refOf = (positionals: readonly string[]): string => namedArguments(positionals, ['name/number'])['name/number']

/** `subject=0.05`, or `subject:animals=0.01`. */
const toTarget = (text: string): unknown => {
  const [, facet, under, error] = /^([^:=]+)(?::([^=]+))?=([\d.]+)$/.exec(text) ?? []
  if (facet === undefined)
    throw wrongArgument(`--target ${text}`, 'is not possible: it takes <facet>=<error> or <facet>:<node>=<error>')
  return { facet, error: numberOf(`--target ${text}`, error ?? ''), ...(under === undefined ? {} : { under }) }
}

const draft = async (config: Config, args: string[], print: Print): Promise<void> => {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  const delta = values.delta === undefined ? {} : { delta: numberOf('--delta', values.delta) }
  const { 'candidate-error': candidates, coherence } = values
  const { name } = namedArguments(positionals, ['name'])
  const routing = routingOf(values)
  const given = {
    name,
    targets: (values.target ?? []).map(toTarget),
    ...delta,
    ...(candidates === undefined ? {} : { candidates: { error: numberOf('--candidate-error', candidates) } }),
    ...(routing === undefined ? {} : { routing }),
    ...(coherence === undefined ? {} : { coherence }),
    ...(values.calibration === undefined ? {} : { calibration: values.calibration }),
  }
  const names = {
    name: '<name>',
    targets: '--target',
    candidates: '--candidate-error',
    routing: '--rule, --cost, --routing',
  }
  const wanted = checked(DraftPolicy, given, names)
  await opened(config, values, async ({ policies, workspaceId, actor }) => {
    const policy = await policies.service.draft({ workspaceId, actor }, wanted)
    print(policy.ref)
    for (const line of provenLines(policy.document as PolicyDocument)) print(line)
  })
}

const provenLines = ({ facets, evidence, calibration }: PolicyDocument): string[] => [
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
  ...(calibration === undefined ? [] : [`calibration\t${calibration}`]),
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
  await opened(config, values, async ({ policies, workspaceId }) => {
    const bar = openBar('contents')
    const progress = (done: number, total: number): void => (bar.isActive ? bar.update(done) : bar.start(total, done))
    const policy = await policies.service
      .replay(workspaceId, refOf(positionals), { progress })
      .finally(() => bar.stop())
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
  if (values.replaces === undefined) throw wrongArgument('--replaces', 'is missing: name the policy in force, or none')
  const wanted = checked(ActivatePolicy, { replaces: values.replaces === 'none' ? null : values.replaces }, {})
  await opened(config, values, async ({ policies, workspaceId, actor }) => {
    const policy = await policies.service.activate({ workspaceId, actor }, refOf(positionals), wanted)
    print(`${policy.ref} is in force`)
  })
}

const retire = async (config: Config, args: string[], print: Print): Promise<void> => {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  await opened(config, values, async ({ policies, workspaceId, actor }) => {
    const policy = await policies.service.retire({ workspaceId, actor }, refOf(positionals))
    print(`${policy.ref} is retired: the pack decides by itself`)
  })
}

const list = async (config: Config, args: string[], print: Print): Promise<void> => {
  const { values } = parseArgs({ args, options })
  await opened(config, values, async ({ policies, workspaceId }) => {
    const rows = await policies.repository.list(workspaceId, listMax, undefined)
    for (const { ref, state, pack, created_by, created_at } of rows)
      print([ref, state, pack, created_by, created_at.toISOString()].join('\t'))
  })
}

const listMax = 50

const show = async (config: Config, args: string[], print: Print): Promise<void> => {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  await opened(config, values, async ({ policies, workspaceId }) => {
    const policy = await policies.repository.get(workspaceId, refOf(positionals))
    if (values.json)
      return print(
        JSON.stringify({ ref: policy.ref, state: policy.state, document: policy.document, replay: policy.replay }),
      )
    print([policy.ref, policy.state, policy.pack].join('\t'))
    for (const line of [...provenLines(policy.document as PolicyDocument), ...replayLines(policy).slice(1)]) print(line)
  })
}

const plot = async (config: Config, args: string[], print: Print): Promise<void> => {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  const { kind } = values
  if (kind !== 'risk-coverage' && kind !== 'thresholds')
    throw wrongArgument('--kind', 'takes risk-coverage or thresholds')
  const rows = numberOf('--rows', values.rows)
  if (!Number.isInteger(rows) || rows < 1 || rows > 500)
    throw wrongArgument('--rows', `takes 1 to 500, not ${values.rows}`)
  const out = resolveUserPath(required('out', values.out))
  const choice = { facet: values.facet, mask: values.mask, lang: languageOf(values.lang) }
  const id = refOf(positionals)
  await opened(config, values, async ({ policies: { plots }, workspaceId }) => {
    const svg =
      kind === 'thresholds'
        ? await plots.thresholds(workspaceId, id, { ...choice, rows })
        : await plots.riskCoverage(workspaceId, id, choice)
    await writePlot(out, svg)
    print(out)
  })
}

export const policyCommands = {
  'policies draft': draft,
  'policies replay': replay,
  'policies activate': activate,
  'policies retire': retire,
  'policies list': list,
  'policies show': show,
  'policies plot': plot,
}
