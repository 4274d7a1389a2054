export { Facet, lineage, pathOf, type TaxonomyNode } from './facet.js'
export { Taxonomy } from './taxonomy.js'
