import { writeYaml } from '../source/write-source.js'
import type { TaxonomySource } from '../source/schema.js'
import { diffTaxonomies, type FacetDiff } from './diff.js'
import type { FacetMigrationSource, MigrationSource } from './migration-schema.js'

/**
 * What a diff knows of a migration: moves as they are, and removed nodes as undecided, with the nodes that may take
 * them up. `Migration.parse` refuses it until each of these is decided.
 */
export const draftMigration = (from: TaxonomySource, to: TaxonomySource): MigrationSource => {
  const diff = diffTaxonomies(from, to)
  return {
    format: 1,
    from: `${from.name}/${from.version}`,
    to: `${to.name}/${to.version}`,
    facets: diff.changed.map(draftFacet).filter(({ moved, retired }) => moved !== undefined || retired !== undefined),
  }
}

/** @param head a comment at the top of the file */
export const writeMigration = (source: MigrationSource, head?: string): string => writeYaml(source, head)

const draftFacet = ({ facet, moved, removed, merged, split }: FacetDiff): FacetMigrationSource => {
  const candidates = (id: string): string[] => [
    ...merged.filter(({ from }) => from === id).map(({ into }) => into),
    ...split.filter(({ from }) => from === id).flatMap(({ into }) => into),
  ]
  const retired = removed.map(({ id }) => {
    const found = [...new Set(candidates(id))]
    return { node: id, to: 'undecided' as const, ...(found.length === 0 ? {} : { candidates: found }) }
  })
  return {
    id: facet,
    ...(moved.length === 0 ? {} : { moved: moved.map(({ id, parent }) => ({ node: id, under: parent })) }),
    ...(retired.length === 0 ? {} : { retired }),
  }
}
