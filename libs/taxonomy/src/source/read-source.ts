import { ReeltagError } from '@reeltag/contracts'
import { isNode, LineCounter, parseDocument, visit, type Document } from 'yaml'
import type { z } from 'zod'
import { TaxonomySource, type NodeSource } from './schema.js'

type Place = readonly PropertyKey[]

interface Fault {
  readonly place: Place
  readonly message: string
}

// One wrong indentation can make all nodes below it wrong, so only the first faults are listed.
const faultsMax = 20

/** @throws TAXONOMY_INVALID with every fault: file, line, place, what to do */
export const readSource = (text: string, origin: string): TaxonomySource => {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true })
  refuse(
    origin,
    document.errors.map(({ pos, message }) => `line ${lines.linePos(pos[0]).line}: ${message}`),
  )
  refuse(origin, aliasFaults(document, lines))
  const locate = ({ place, message }: Fault): string =>
    `line ${lineOf(document, lines, place)}: ${write(place)} ${message}`
  const parsed = TaxonomySource.safeParse(document.toJS())
  if (!parsed.success) throw invalid(origin, parsed.error.issues.map(toFault).map(locate))
  refuse(origin, duplicateIds(parsed.data).map(locate))
  return parsed.data
}

const refuse = (origin: string, faults: readonly string[]): void => {
  if (faults.length > 0) throw invalid(origin, faults)
}

const invalid = (origin: string, faults: readonly string[]): ReeltagError => {
  const more = faults.length > faultsMax ? [`and ${faults.length - faultsMax} more`] : []
  return new ReeltagError('TAXONOMY_INVALID', [`${origin}:`, ...faults.slice(0, faultsMax), ...more].join('\n  '))
}

const toFault = (issue: z.core.$ZodIssue): Fault => {
  if (issue.code !== 'unrecognized_keys') return { place: issue.path, message: issue.message }
  const [first = ''] = issue.keys
  const all = issue.keys.map((key) => `"${key}"`).join(', ')
  return { place: [...issue.path, first], message: `is unknown here (${all}): correct its spelling or remove it` }
}

/** A few nested aliases can expand to gigabytes, and one could put a node below itself. */
const aliasFaults = (document: Document, lines: LineCounter): string[] => {
  const faults: string[] = []
  visit(document, {
    Alias: (_, { source, range }) => {
      faults.push(`line ${lines.linePos(range?.[0] ?? 0).line}: *${source} is an alias: write its content out`)
    },
  })
  return faults
}

const duplicateIds = ({ facets }: TaxonomySource): Fault[] => {
  const taken = new Map<string, Place>()
  return facets.flatMap((facet, index) => [
    ...claim(facet.id, ['facets', index], taken),
    ...duplicateNodes(facet.nodes, ['facets', index, 'nodes'], new Map()),
  ])
}

const duplicateNodes = (nodes: readonly NodeSource[], place: Place, taken: Map<string, Place>): Fault[] =>
  nodes.flatMap(({ id, children }, index) => {
    const here = [...place, index]
    return [...claim(id, here, taken), ...duplicateNodes(children ?? [], [...here, 'children'], taken)]
  })

const claim = (id: string, place: Place, taken: Map<string, Place>): Fault[] => {
  const first = taken.get(id)
  if (first !== undefined)
    return [{ place: [...place, 'id'], message: `"${id}" is taken by ${write(first)}: choose another` }]
  taken.set(id, place)
  return []
}

const write = (place: Place): string =>
  place
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '') || 'the file'

/** Line of the node at a place, or of the nearest one above it where the fault is an absence. */
const lineOf = (document: Document, lines: LineCounter, place: Place): number => {
  const node = place.length === 0 ? document.contents : document.getIn(place, true)
  if (isNode(node) && node.range) return lines.linePos(node.range[0]).line
  return place.length === 0 ? 1 : lineOf(document, lines, place.slice(0, -1))
}
