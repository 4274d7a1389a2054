import { ReeltagError } from '@reeltag/contracts'
import { readUtf8, resolveUserPath, type Config } from '@reeltag/platform'
import {
  diffTaxonomies,
  draftMigration,
  lintTaxonomy,
  pathsOf,
  readSource,
  taxonomyOfPaths,
  writeMigration,
  writeSource,
  type FacetDiff,
  type TaxonomySource,
} from '@reeltag/taxonomy'
import { parseArgs } from 'node:util'
import { namedArguments, required, wrongArgument } from '../arguments/arguments.js'
import { taxonomyFile, writeNew } from './taxonomy-files.js'

type Print = (line: string) => void

const text = { type: 'string' } as const

/** @throws TAXONOMY_INVALID where an error was found; warnings alone are no failure */
export const lintFile = async (config: Config, args: string[], print: Print): Promise<void> => {
  const { positionals } = parseArgs({ args, allowPositionals: true })
  const file = taxonomyFile(config, namedArguments(positionals, ['taxonomy']).taxonomy)
  const findings = lintTaxonomy(readUtf8(file))
  for (const { line, severity, rule, message, remedy } of findings)
    print([`line ${line}`, severity, rule, `${message}: ${remedy}`].join('\t'))
  const errors = findings.filter(({ severity }) => severity === 'error').length
  print(`${errors} errors, ${findings.length - errors} warnings`)
  if (errors > 0) throw new ReeltagError('TAXONOMY_INVALID', `${file} has ${errors} errors`)
}

export const diffFiles = async (config: Config, args: string[], print: Print): Promise<void> => {
  const options = { draft: text, json: { type: 'boolean', default: false } } as const
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options })
  const { old, next } = namedArguments(positionals, ['old', 'next'])
  const [from, to] = [old, next].map((given) => openSource(config, given)) as [TaxonomySource, TaxonomySource]
  const diff = diffTaxonomies(from, to)
  if (values.json) print(JSON.stringify(diff))
  else {
    for (const { id } of diff.added) print(`facet added\t${id}`)
    for (const id of diff.removed) print(`facet removed\t${id}`)
    for (const facet of diff.changed) for (const line of linesOf(facet)) print(`${facet.facet}\t${line}`)
    if (diff.added.length + diff.removed.length + diff.changed.length === 0) print('the two are the same')
  }
  if (values.draft === undefined) return
  const draft = resolveUserPath(values.draft)
  writeNew(
    draft,
    writeMigration(
      draftMigration(from, to),
      ' Decide each `undecided`: parent, unmapped, or list it as merged, renamed or split.',
    ),
  )
  print(`a draft of the migration is in ${draft}`)
}

const openSource = (config: Config, given: string): TaxonomySource => {
  const file = taxonomyFile(config, given)
  return readSource(readUtf8(file), file)
}

const linesOf = ({ head, added, removed, moved, renamed, edited, reordered, merged, split }: FacetDiff): string[] => [
  ...(head === undefined ? [] : [`facet changed\t${head.kind}, ${head.names.zh}, ${head.names.en}`]),
  ...removed.map(({ path }) => `removed\t${path}`),
  ...added.map(({ path }) => `added\t${path}`),
  ...moved.map(({ from, to }) => `moved\t${from} → ${to}`),
  ...renamed.map(({ id, from, to }) => `renamed\t${id}: ${from.zh}, ${from.en} → ${to.zh}, ${to.en}`),
  ...edited.map(({ node, fields }) => `edited\t${node.id}: ${fields.join(', ')}`),
  ...reordered.map(({ parent }) => `reordered\t${parent ?? 'the top'}`),
  ...merged.map(({ from, into, because }) => `merged?\t${from} → ${into} ("${because}")`),
  ...split.map(({ from, into }) => `split?\t${from} → ${into.join(', ')}`),
]

export const convertPaths = async (_: Config, args: string[], print: Print): Promise<void> => {
  const options = { name: text, facet: text, kind: { ...text, default: 'single' }, separator: text } as const
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options })
  const { paths, out } = namedArguments(positionals, ['paths', 'out'])
  const { kind, separator, facet = 'category' } = values
  if (kind !== 'single' && kind !== 'multi') throw wrongArgument('--kind', 'takes single or multi')
  const source = taxonomyOfPaths(readUtf8(resolveUserPath(paths)), paths, {
    name: required('name', values.name),
    facet: { id: facet, kind, names: { zh: facet, en: facet } },
    ...(separator === undefined ? {} : { separator }),
  })
  const yaml = writeSource(source)
  // A name or a facet that is no slug.
  readSource(yaml, out)
  writeNew(resolveUserPath(out), yaml)
  const warnings = lintTaxonomy(yaml).length
  print(
    `${out} has ${pathsOf({ nodes: source.facets[0]?.nodes ?? [] }).length} nodes; lint finds ${warnings} things to look at`,
  )
}
