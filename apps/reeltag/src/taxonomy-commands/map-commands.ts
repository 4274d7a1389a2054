import { readUtf8, resolveUserPath, type Config } from '@reeltag/platform'
import { draftMapping, LabelMapping, readPaths, writeMapping, type Taxonomy } from '@reeltag/taxonomy'
import { parseArgs } from 'node:util'
import { applyToRow } from './map-rows.js'
import { carryRows, reportRefused } from './rows.js'
import { rankBy } from './rank-by.js'
import { namedArguments, numberOf, required, wrongArgument } from '../arguments/arguments.js'
import { openTaxonomy, writeNew } from './taxonomy-files.js'

type Print = (line: string) => void

const text = { type: 'string' } as const
const taxonomyOption = { taxonomy: text } as const

export const mapLabels = (config: Config, [verb = '', ...args]: string[], print: Print): Promise<void> => {
  const verbs = new Map([
    ['propose', propose],
    ['check', check],
    ['apply', apply],
  ])
  const run = verbs.get(verb)
  if (run === undefined) throw wrongArgument(verb, 'is unknown: taxonomy map takes propose, check or apply')
  return run(config, args, print)
}

const propose = async (config: Config, args: string[], print: Print): Promise<void> => {
  const options = {
    ...taxonomyOption,
    facet: text,
    name: text,
    top: { ...text, default: '3' },
    pack: text,
    similarity: text,
  } as const
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options })
  const { classes: file, out } = namedArguments(positionals, ['classes', 'out'])
  const top = numberOf('--top', values.top)
  if (!Number.isInteger(top) || top < 1) throw wrongArgument('--top', 'takes a number from 1')
  const taxonomy = openTaxonomy(config, required('taxonomy', values.taxonomy))
  const facet = taxonomy.facet(required('facet', values.facet))
  const name = required('name', values.name)
  // Each line is one class, whatever stands within it.
  const classes = readPaths(readUtf8(resolveUserPath(file)), file, '').map(([one = '']) => one)
  const { similarity, by } = await rankBy(config, { ...values, classes, facet }, print)
  const draft = draftMapping({ name, source: { name, classes }, taxonomy: taxonomy.ref }, facet, similarity, { top })
  const head = ` Candidates are ranked by ${by}.\n Confirm each class: add \`to:\`, or move it to \`unmapped:\` with the reason.`
  writeNew(resolveUserPath(out), writeMapping(draft, head))
  print(`${classes.length} classes are in ${out}, ranked by ${by}; none is confirmed yet`)
}

const openMapping = (file: string, taxonomy: Taxonomy): LabelMapping =>
  LabelMapping.parse(readUtf8(resolveUserPath(file)), file, taxonomy)

const check = async (config: Config, args: string[], print: Print): Promise<void> => {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: taxonomyOption })
  const { mapping: file } = namedArguments(positionals, ['mapping'])
  const mapping = openMapping(file, openTaxonomy(config, required('taxonomy', values.taxonomy)))
  const unmapped = mapping.classes.filter((name) => mapping.label(name).nodes.length === 0).length
  print(`${mapping.ref} maps ${mapping.classes.length - unmapped} classes and leaves ${unmapped} unmapped`)
}

const apply = async (config: Config, args: string[], print: Print): Promise<void> => {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: taxonomyOption })
  const { mapping: file, rows, out } = namedArguments(positionals, ['mapping', 'rows', 'out'])
  const mapping = openMapping(file, openTaxonomy(config, required('taxonomy', values.taxonomy)))
  const total = { given: 0, mapped: 0, unmapped: 0 }
  const carried = await carryRows(resolveUserPath(rows), resolveUserPath(out), ({ values: row }) => {
    const { written, mass } = applyToRow(mapping, row, out.endsWith('.csv'))
    for (const part of ['given', 'mapped', 'unmapped'] as const) total[part] += mass[part]
    return written
  })
  const share = total.given === 0 ? 0 : (total.unmapped / total.given) * 100
  print(`${carried.rows - carried.refusedCount} rows are in ${out}; ${share.toFixed(2)} % of their mass has no node`)
  reportRefused('MAPPING_INVALID', carried)
}
