import { Document, isMap, isScalar, isSeq, visit } from 'yaml'
import { assertDepth } from './depth.js'
import type { TaxonomySource } from './schema.js'

/** The YAML of a taxonomy: what `readSource` reads back as the same taxonomy. @throws TAXONOMY_INVALID: it is too deep */
export const writeSource = (source: TaxonomySource): string => {
  assertDepth(source.facets)
  return writeYaml(source)
}

/** Fields that are short and read better in one line. */
const inLine = new Set(['names', 'synonyms', 'prompts', 'templates', 'proposed'])

/** @param head a comment at the top of the file */
export const writeYaml = (value: object, head?: string): string => {
  // A shared object would be written as an alias, which no reader here takes.
  const document = new Document(value, { aliasDuplicateObjects: false })
  visit(document, {
    Pair: (_, { key, value: held }) => {
      if (isScalar(key) && inLine.has(String(key.value)) && (isMap(held) || isSeq(held))) held.flow = true
    },
  })
  if (head !== undefined) document.commentBefore = head
  return document.toString({ lineWidth: 0, indentSeq: false, flowCollectionPadding: false })
}
