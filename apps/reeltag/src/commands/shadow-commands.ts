import { PackComparison, type FacetComparison, type PackComparisonSummary } from '@reeltag/decisions'
import type { Decision } from '@reeltag/contracts'
import { PackServer } from '@reeltag/inference'
import { PackLoads, PackShadows, type PackShadow, type ShadowProgress } from '@reeltag/pipeline'
import { type Config } from '@reeltag/platform'
import { parseArgs } from 'node:util'
import { bringUp } from './bring-up-pack.js'
import { actorOf, numberOf, wrongArgument } from '../arguments/arguments.js'
import { changeOptions, secondsOf } from './pack-commands.js'
import { PackLabelsReader, sharedPaths } from '@reeltag/packs'
import { withDatabase } from './with-database.js'

export const shadowUsage = `  packs shadow   <name/version> [--share 1] [--workspace default] [--as <who>] [--wait 120]
  packs shadow   [show] [--json] [--workspace default]
  packs shadow   --stop [--workspace default]`

type Print = (line: string) => void

const options = {
  ...changeOptions,
  share: { type: 'string' },
  stop: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const

const shareOf = (text = '1'): number => {
  const share = numberOf('--share', text)
  if (share > 0 && share <= 1) return share
  throw wrongArgument('--share', 'takes a number above 0, up to 1')
}

interface Change {
  readonly workspace: string
  readonly as?: string | undefined
  readonly wait: string
  readonly share?: string | undefined
}

const start = (config: Config, ref: string, values: Change, print: Print): Promise<void> => {
  const { workspace } = values
  const [actor, share, waitSeconds] = [actorOf(values.as), shareOf(values.share), secondsOf(values.wait)]
  return withDatabase(config, async (db) => {
    const shadows = new PackShadows(db)
    await shadows.assertStartable(workspace, ref)
    const parts = { models: config.models, loads: new PackLoads(db), actor, waitSeconds, print }
    await bringUp(parts, ref, async () => {
      await shadows.start({ workspace, actor }, ref, share)
      print(`${ref} is shadowed in ${workspace}: share ${share} of the new contents`)
    })
  })
}

const stop = (config: Config, workspace: string, print: Print): Promise<void> =>
  withDatabase(config, async (db) => {
    const { pack } = await new PackShadows(db).stop(workspace)
    print(`${pack} is no longer shadowed in ${workspace}`)
  })

const show = (config: Config, workspace: string, json: boolean, print: Print): Promise<void> =>
  withDatabase(config, async (db) => {
    const shadows = new PackShadows(db)
    const shadow = await shadows.latest(workspace)
    const report = { shadow, progress: await shadows.progress(shadow), ...(await compare(config, shadows, shadow)) }
    if (json) print(JSON.stringify(report, null, 2))
    else for (const line of table(report)) print(line)
  })

interface Compared {
  /** Contents by the pack that their result is of. */
  readonly beside: Readonly<Record<string, number>>
  /** False: labels are compared where both taxonomies have their path. */
  readonly sameTaxonomy: boolean
  readonly comparison: PackComparisonSummary
}

const compare = async ({ models }: Config, shadows: PackShadows, shadow: PackShadow): Promise<Compared> => {
  const besides = await shadows.beside(shadow)
  const sameTaxonomy = besides.every(({ taxonomy, ownTaxonomy }) => taxonomy === ownTaxonomy)
  const packs = [shadow.pack, ...besides.map(({ pack }) => pack)]
  const labels = new PackLabelsReader(new PackServer(models, models))
  const comparison = new PackComparison(sameTaxonomy ? undefined : await sharedPaths(labels, packs))
  for await (const page of shadows.pairs(shadow)) {
    for (const { active, shadow: judged } of page) comparison.add(active, judged)
  }
  const beside = Object.fromEntries(besides.map(({ pack, contents }) => [pack, contents]))
  return { beside, sameTaxonomy, comparison: comparison.summary() }
}

type Report = Compared & { readonly shadow: PackShadow; readonly progress: ShadowProgress }

const percent = (part: number, whole: number): string => (whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`)

const table = ({ shadow, progress, beside, sameTaxonomy, comparison }: Report): string[] => {
  const { contents, decisions, facets } = comparison
  const period = `${shadow.createdAt.toISOString()} – ${shadow.endedAt?.toISOString() ?? ''}`
  const failed = Object.entries(progress.failed).map(([code, n]) => `${code} ${n}`)
  const row = (decision: Decision): string =>
    [decision, ...[decisions.active, decisions.shadow].map((of) => percent(of[decision], contents))].join('\t')
  return [
    `shadow\t${shadow.pack}\t${shadow.state}\tshare ${shadow.share}\t${period}\t${shadow.actor}`,
    ...Object.entries(beside).map(([pack, n]) => `beside\t${pack}\t${n} contents`),
    `contents\t${contents} compared\t${progress.waiting} waiting\tfailed: ${failed.join(', ') || 'none'}`,
    ...(sameTaxonomy ? [] : ['taxonomies differ: labels are compared only where both have the same path']),
    ...(contents === 0
      ? []
      : ['', 'decision\tin force\tshadow', ...(['published', 'published-ancestor', 'review'] as const).map(row)]),
    ...facets.flatMap(facetTable),
  ]
}

const facetTable = ({ facet, levels, confidence, disagreements, incomparable }: FacetComparison): string[] => [
  '',
  `facet\t${facet}\tmean confidence\t${confidence.active.toFixed(3)} in force\t${confidence.shadow.toFixed(3)} shadow`,
  ...levels.map(({ level, compared, agreed }) => `level ${level}\t${percent(agreed, compared)} agree\tof ${compared}`),
  ...(incomparable === 0 ? [] : [`not compared\t${incomparable}\ta label that one of the taxonomies lacks`]),
  ...disagreements.map(({ active, shadow, contents }) => `${contents}×\t${active} → ${shadow}`),
]

const shadowPack = async (config: Config, args: string[], print: Print): Promise<void> => {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  const [ref = 'show', ...rest] = positionals
  if (rest.length > 0) throw wrongArgument(rest.join(' '), 'is too much: one pack at a time')
  if (values.stop) return stop(config, values.workspace, print)
  return ref === 'show' ? show(config, values.workspace, values.json, print) : start(config, ref, values, print)
}

export const shadowCommands = { 'packs shadow': shadowPack }
