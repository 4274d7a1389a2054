import { ReeltagError } from '@reeltag/contracts'
import { readUtf8, resolveUserPath, type Config } from '@reeltag/platform'
import { carryValues, Migration, ScoreMigration, type FacetMigration } from '@reeltag/taxonomy'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { carryRows, reportRefused } from './rows.js'
import { namedArguments, required } from '../arguments/arguments.js'
import { openTaxonomy } from './taxonomy-files.js'

type Print = (line: string) => void

const text = { type: 'string' } as const

/** Checks a migration, says what it does, and carries the rows of a file over if one is given. */
export const migrateRows = async (config: Config, args: string[], print: Print): Promise<void> => {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { from: text, to: text } })
  const [, ...files] = positionals
  const { migration: given } = namedArguments(positionals.slice(0, 1), ['migration'])
  const [from, to] = [required('from', values.from), required('to', values.to)].map((one) => openTaxonomy(config, one))
  if (from === undefined || to === undefined) return
  const migration = Migration.parse(readUtf8(resolveUserPath(given)), given, from, to)
  for (const facet of migration.facets.values()) describe(facet, print)
  if (files.length === 0) return
  const { rows, out } = namedArguments(files, ['rows', 'out'])
  const carried = await carryRows(resolveUserPath(rows), resolveUserPath(out), ({ values: row }) => [
    migrateRow(migration, row),
  ])
  print(`${carried.rows - carried.refusedCount} rows are in ${out}`)
  reportRefused('MIGRATION_INVALID', carried)
}

const describe = (facet: FacetMigration, print: Print): void => {
  const counts = new Map<string, number>()
  for (const { id } of facet.from.all()) counts.set(facet.fate(id).kind, (counts.get(facet.fate(id).kind) ?? 0) + 1)
  const told = [...counts].map(([kind, count]) => `${count} ${kind}`).join(', ')
  const { refused } = new ScoreMigration(facet)
  print(
    `${facet.from.id}\t${told}\tscores ${refused.length === 0 ? 'can be carried over' : `cannot: ${refused.join('; ')}`}`,
  )
}

const MigratedRow = z.looseObject({
  facet: z.string(),
  path: z.string().optional(),
  paths: z.array(z.string()).optional(),
  /** By leaf. A leaf that is absent counts as 0. */
  probabilities: z.record(z.string(), z.number()).optional(),
  /** Thresholds or calibrations by node. */
  values: z.record(z.string(), z.unknown()).optional(),
})

/** @throws MIGRATION_INVALID, TAXONOMY_INVALID: the row cannot be carried over */
const migrateRow = (migration: Migration, row: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  const parsed = MigratedRow.safeParse(row)
  if (!parsed.success) throw invalid(z.prettifyError(parsed.error).replaceAll('\n', ' '))
  const { facet: id, path, paths, probabilities, values, ...rest } = parsed.data
  if ([path, paths, probabilities, values].every((one) => one === undefined))
    throw invalid('it has none of path, paths, probabilities and values')
  const facet = migration.facet(id)
  return {
    facet: id,
    ...rest,
    ...(path === undefined ? {} : renamed(facet.label(path))),
    ...(paths === undefined ? {} : facet.labels(paths)),
    ...(probabilities === undefined ? {} : scoresOf(facet, probabilities)),
    ...(values === undefined ? {} : valuesOf(facet, values)),
  }
}

/** The columns of CSV are those of the first row, so every row has all of them. */
const renamed = ({
  path,
  fate,
  coarser,
  because = '',
}: ReturnType<FacetMigration['label']>): Record<string, unknown> => ({
  path,
  fate,
  coarser,
  because,
})

const scoresOf = (facet: FacetMigration, given: Readonly<Record<string, number>>): Record<string, unknown> => {
  const leaves = facet.from.leaves.map(({ id }) => id)
  const unknown = Object.keys(given).filter((id) => !leaves.includes(id))
  if (unknown.length > 0) throw invalid(`${unknown.join(', ')} is no leaf of facet ${facet.from.id}`)
  const { values, unmapped, leaves: next } = new ScoreMigration(facet).probabilities(leaves.map((id) => given[id] ?? 0))
  return {
    probabilities: Object.fromEntries(next.map((id, index) => [id, values[index]])),
    unmapped: unmapped.filter(({ mass }) => mass > 0),
  }
}

const valuesOf = (facet: FacetMigration, given: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  const { values, dropped } = carryValues(facet, new Map(Object.entries(given)))
  return { values: Object.fromEntries(values), dropped }
}

const invalid = (message: string): ReeltagError => new ReeltagError('MIGRATION_INVALID', message)
