import { CalibrationDocument, FitCalibration } from '@reeltag/contracts'
import { resolveUserPath, type Config } from '@reeltag/platform'
import { parseArgs } from 'node:util'
import { checked, namedArguments, required } from '../arguments/arguments.js'
import { languageOf, opened } from './opened-policies.js'
import { writePlot } from './write-plot.js'

export const calibrateUsage = `  calibrate [<name>] [--family auto|temperature|vector|platt|beta|isotonic] [--workspace default] [--as <who>]
  calibrate list [--workspace default]
  calibrate show <name/number> [--workspace default] [--json]
  calibrate plot <name/number> --out <file.svg> [--facet <facet>] [--mask <streams>] [--lang en|zh]
      [--workspace default]`

type Print = (line: string) => void

const options = {
  workspace: { type: 'string', default: 'default' },
  as: { type: 'string' },
  json: { type: 'boolean', default: false },
  family: { type: 'string' },
  out: { type: 'string' },
  facet: { type: 'string' },
  mask: { type: 'string' },
  lang: { type: 'string', default: 'en' },
} as const

const refOf = (positionals: readonly string[]): string => namedArguments(positionals, ['name/number'])['name/number']

const fit = async (config: Config, args: string[], print: Print): Promise<void> => {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  const name = positionals.length === 0 ? {} : namedArguments(positionals, ['name'])
  const family = values.family === undefined ? {} : { family: values.family }
  const wanted = checked(FitCalibration, { ...name, ...family }, { name: '<name>' })
  await opened(config, values, async ({ policies, workspaceId, actor }) => {
    const made = await policies.calibrations.service.fit({ workspaceId, actor }, wanted)
    print(made.ref)
    for (const line of reportLines(CalibrationDocument.parse(made.document))) print(line)
  })
}

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`

/** One line for each facet and set of streams, then what could not be fitted. */
const reportLines = ({ facets, report, evidence }: CalibrationDocument): string[] => [
  ...Object.entries(facets).flatMap(([facet, { masks }]) =>
    Object.entries(masks).map(([mask, fitted]) => {
      const found = report[facet]?.[mask]
      const change = (of: 'topEce' | 'classwiseEce' | 'macroF1'): string =>
        found === undefined ? '–' : `${percent(found.before[of])} → ${percent(found.after[of])}`
      return [
        facet,
        mask,
        `${fitted.rows} contents`,
        `maps ${mapsOf(fitted)}`,
        `ECE ${change('topEce')}`,
        `by class ${change('classwiseEce')}`,
        `macro-F1 ${change('macroF1')}`,
      ].join('\t')
    }),
  ),
  ...evidence.notCalibrated.map(({ facet, mask, detail }) => [facet, mask, `not calibrated: ${detail}`].join('\t')),
  `truth\t${evidence.labelled} contents, ${evidence.calibrated} in the part for calibration`,
  ...Object.entries(evidence.leftOut).map(([reason, count]) => `left out\t${count}\t${reason}`),
]

/** How many classes have which map, such as `platt 12, isotonic 3`. */
const mapsOf = ({ vector, nodes }: CalibrationDocument['facets'][string]['masks'][string]): string => {
  const counts = new Map<string, number>()
  for (const { calibrator, pooledUnder } of Object.values(nodes)) {
    const own = pooledUnder === null ? calibrator.kind : `${calibrator.kind} pooled`
    const kind = vector === undefined ? own : 'vector'
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  return [...counts].map(([kind, count]) => `${kind} ${count}`).join(', ')
}

const list = async (config: Config, args: string[], print: Print): Promise<void> => {
  const { values } = parseArgs({ args, options })
  await opened(config, values, async ({ policies, workspaceId }) => {
    for (const row of await policies.calibrations.repository.list(workspaceId, listMax, undefined)) {
      const { ref, pack, family, because, contents, created_by, created_at } = row
      print([ref, pack, family, because, contents, created_by, created_at.toISOString()].join('\t'))
    }
  })
}

const listMax = 50

const show = async (config: Config, args: string[], print: Print): Promise<void> => {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  await opened(config, values, async ({ policies, workspaceId }) => {
    const { ref, pack, document } = await policies.calibrations.repository.get(workspaceId, refOf(positionals))
    if (values.json) return print(JSON.stringify({ ref, pack, document }))
    print([ref, pack].join('\t'))
    for (const line of reportLines(CalibrationDocument.parse(document))) print(line)
  })
}

const plot = async (config: Config, args: string[], print: Print): Promise<void> => {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  const id = refOf(positionals)
  const out = resolveUserPath(required('out', values.out))
  const choice = { facet: values.facet, mask: values.mask, lang: languageOf(values.lang) }
  await opened(config, values, async ({ policies, workspaceId }) => {
    await writePlot(out, await policies.plots.reliability(workspaceId, id, choice))
    print(out)
  })
}

export const calibrateCommands = {
  calibrate: fit,
  'calibrate list': list,
  'calibrate show': show,
  'calibrate plot': plot,
}
