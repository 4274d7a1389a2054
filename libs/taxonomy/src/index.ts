export { Facet, leavesUnder, lineage, pathOf, type TaxonomyNode } from './facet.js'
export { Taxonomy } from './taxonomy.js'
export { lintTaxonomy, type Finding } from './lint/lint.js'
export { LabelMapping, writeMapping, type MappedLabel, type MappedMass } from './mapping/label-mapping.js'
export type { CandidateNode, MappingSource } from './mapping/mapping-schema.js'
export {
  draftMapping,
  proposeClasses,
  textsToCompare,
  type MappingHead,
  type ProposalOptions,
} from './mapping/propose.js'
export { nGramSimilarity, vectorSimilarity, type Similarity } from './mapping/similarity.js'
export { pathsOf, readPaths, taxonomyOfPaths, type PathListOptions } from './source/path-list.js'
export { readYaml } from './source/read-yaml.js'
export { readSource } from './source/read-source.js'
export type { FacetSource, NodeSource, TaxonomySource } from './source/schema.js'
export { writeSource } from './source/write-source.js'
export { applyDiff } from './versions/apply-diff.js'
export { carryValues, type CarriedValues } from './versions/carry-values.js'
export { diffTaxonomies, type FacetDiff, type TaxonomyDiff } from './versions/diff.js'
export { draftMigration, writeMigration } from './versions/draft-migration.js'
export type { Fate } from './versions/fates.js'
export { FacetMigration, Migration, type MigratedLabel } from './versions/migration.js'
export type { MigrationSource } from './versions/migration-schema.js'
export { ScoreMigration, type MigratedScores } from './versions/score-migration.js'
