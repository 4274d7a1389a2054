import type { Facet, TaxonomyNode } from '../facet.js'
import type { CandidateNode, MappingSource } from './mapping-schema.js'
import type { Similarity } from './similarity.js'

export interface ProposalOptions {
  /** Candidates a class; default 3. */
  readonly top?: number
}

const topByDefault = 3
const decimals = 4

/** What a class is compared by: its name and, where it is a path, its last part. */
export const textsOfClass = (name: string): string[] => {
  const last = name.slice(name.lastIndexOf('/') + 1).trim()
  return [...new Set([name, last].map(words))].filter((text) => text !== '')
}

/** What a node is compared by: its names and synonyms in both languages. */
export const textsOfNode = ({ names, synonyms }: TaxonomyNode): string[] => [
  ...new Set([names.zh, names.en, ...synonyms.zh, ...synonyms.en].map(words)),
]

const words = (text: string): string => text.replaceAll('_', ' ')

/** Every text that `proposeClasses` compares, for an encoder that makes all vectors at once. */
export const textsToCompare = (classes: readonly string[], facet: Facet): string[] => [
  ...new Set([...classes.flatMap(textsOfClass), ...facet.all().flatMap(textsOfNode)]),
]

/**
 * Ranks the nodes of a facet for each class by the two texts that are most alike. Of nodes that are equally alike the
 * first of the file comes first.
 * @returns entries of a mapping without `to`: a person confirms each
 */
export const proposeClasses = (
  classes: readonly string[],
  facet: Facet,
  similarity: Similarity,
  { top = topByDefault }: ProposalOptions = {},
): { from: string; proposed: CandidateNode[] }[] => {
  const nodes = facet.all().map((node) => ({ id: node.id, texts: textsOfNode(node) }))
  return classes.map((from) => {
    const texts = textsOfClass(from)
    const ranked = nodes
      .map(({ id, texts: others }) => ({ to: id, similarity: nearest(texts, others, similarity) }))
      .sort((one, other) => other.similarity - one.similarity)
    const proposed = ranked
      .slice(0, top)
      .map((one) => ({ ...one, similarity: Number(one.similarity.toFixed(decimals)) }))
    return { from, proposed }
  })
}

const nearest = (texts: readonly string[], others: readonly string[], similarity: Similarity): number =>
  Math.max(...texts.flatMap((text) => others.map((other) => similarity(text, other))))

export interface MappingHead {
  /** A slug. */
  readonly name: string
  readonly source: { readonly name: string; readonly classes: readonly string[] }
  /** `name/version` of the taxonomy. */
  readonly taxonomy: string
}

/** A mapping in which every class is a proposal: `LabelMapping.parse` refuses it until all are confirmed. */
export const draftMapping = (
  { name, source, taxonomy }: MappingHead,
  facet: Facet,
  similarity: Similarity,
  options: ProposalOptions = {},
): MappingSource => ({
  format: 1,
  name,
  version: 1,
  source: { name: source.name, classes: [...source.classes] },
  taxonomy,
  facet: facet.id,
  classes: proposeClasses(source.classes, facet, similarity, options),
})
