import { Taxonomy, type Facet } from '@reeltag/taxonomy'

export const leaves = ['cat', 'dog', 'food']

/** animals (cat, dog) and food. */
export const petsFacet = (kind: Facet['kind'] = 'single'): Facet =>
  Taxonomy.parse(
    `
format: 1
name: t
version: 1
facets:
- id: subject
  kind: ${kind}
  names: {zh: a, en: a}
  nodes:
  - id: animals
    names: {zh: a, en: a}
    children: [{id: cat, names: {zh: a, en: a}}, {id: dog, names: {zh: a, en: a}}]
  - {id: food, names: {zh: a, en: a}}
`,
    't.yaml',
  ).facet('subject')
