import fc from 'fast-check'
import type { NodeSource, TaxonomySource } from '../source/schema.js'
import { factsOf, nodesOf, type NodeFacts } from './tree-facts.js'

export const node = (id: string, ...children: NodeSource[]): NodeSource => ({
  id,
  names: { zh: `${id}·中`, en: id },
  ...(children.length === 0 ? {} : { children }),
})

export const taxonomy = (
  version: number,
  nodes: NodeSource[],
  kind: 'multi' | 'single' = 'single',
): TaxonomySource => ({
  format: 1,
  name: 'tiny',
  version,
  facets: [{ id: 'subject', kind, names: { zh: '主题', en: 'Subject' }, nodes }],
})

/** Trees of up to a dozen nodes out of the same twenty ids, so that two of them share many and differ in many. */
export const anyTree: fc.Arbitrary<NodeSource[]> = fc
  .record({
    ids: fc.shuffledSubarray(
      Array.from({ length: 20 }, (_, index) => `n${index}`),
      { minLength: 1, maxLength: 12 },
    ),
    parents: fc.array(fc.nat(), { minLength: 12, maxLength: 12 }),
    names: fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 12, maxLength: 12 }),
    sensitive: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
  })
  .map(({ ids, parents, names, sensitive }) => {
    const facts = new Map<string, NodeFacts>()
    const children = new Map<string | null, string[]>()
    for (const [index, id] of ids.entries()) {
      const name = names[index] ?? 'a'
      facts.set(id, { id, names: { zh: name, en: `${name}${id}` }, ...(sensitive[index] ? { sensitive: true } : {}) })
      // An earlier node or the top, so that there is no cycle.
      const parent = ids[(parents[index] ?? 0) % (index + 1)]
      const key = parent === undefined || parent === id ? null : parent
      children.set(key, [...(children.get(key) ?? []), id])
    }
    return nodesOf({ facts, children })
  })

export const idsOf = (nodes: readonly NodeSource[]): string[] => [...factsOf({ nodes: [...nodes] }).facts.keys()]
