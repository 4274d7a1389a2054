import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { nodesOf, type LabelTree } from '../label-tree.js'
import { nodeProbabilities } from '../score/coherence.js'
import { backOff } from './back-off.js'

interface Node {
  id: string
  children: Node[]
}
const leaf = (id: string): Node => ({ id, children: [] })
const roots: Node[] = [
  { id: 'animals', children: [{ id: 'pets', children: [leaf('cat'), leaf('dog')] }, leaf('bear')] },
  { id: 'food', children: [leaf('apple')] },
]
const ids = nodesOf(roots).map(({ id }) => id)
const single: LabelTree<Node> = { kind: 'single', roots }
const multi: LabelTree<Node> = { kind: 'multi', roots }
const published = (tree: LabelTree<Node>, p: Record<string, number>, at: Record<string, number>) =>
  backOff(
    tree,
    (id) => p[id] ?? 0,
    (id) => at[id],
  ).map(({ id }) => id)

describe('backOff', () => {
  const p = { animals: 0.9, pets: 0.8, cat: 0.6, dog: 0.2, food: 0.1 }

  it('publishes the deepest certified node on the likeliest way', () => {
    expect(published(single, p, { animals: 0.5, pets: 0.7, cat: 0.7 })).toEqual(['pets'])
    expect(published(single, p, { animals: 0.5, pets: 0.7, cat: 0.6 })).toEqual(['cat'])
    expect(published(single, p, { food: 0.05 })).toEqual([])
  })

  it('passes over a node that nothing is certified for', () => {
    expect(published(single, p, { animals: 0.5, cat: 0.5 })).toEqual(['cat'])
  })

  it.each([single, multi])('publishes nothing under a rejected parent: $kind', (tree) => {
    expect(published(tree, p, { animals: 0.5, pets: 0.85, cat: 0.1 })).toEqual(['animals'])
    expect(published(tree, p, { animals: Infinity, pets: 0.1, cat: 0.1 })).toEqual([])
  })

  it('publishes every certified node of a multi tree that has none below it', () => {
    const all = { animals: 0.9, pets: 0.9, cat: 0.8, dog: 0.8, bear: 0.9, food: 0.9, apple: 0.2 }
    const at = Object.fromEntries(ids.map((id) => [id, 0.5]))
    expect(published(multi, all, at)).toEqual(['cat', 'dog', 'bear', 'food'])
  })

  const logits = fc.array(fc.double({ min: -6, max: 6, noNaN: true }), { minLength: 4, maxLength: 4 })
  const thresholds = fc.array(fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }), {
    minLength: ids.length,
    maxLength: ids.length,
  })

  it('is coherent for any thresholds: all it names is certified, nothing above is rejected or named as well', () => {
    fc.assert(
      fc.property(logits, thresholds, fc.constantFrom(single, multi), (values, given, tree) => {
        const probabilities = nodeProbabilities(tree, ['cat', 'dog', 'bear', 'apple'], values, 1)
        const of = (id: string) => probabilities.get(id) ?? NaN
        const at = (id: string) => given[ids.indexOf(id)]
        const named = backOff(tree, of, at).map(({ id }) => id)
        if (tree.kind === 'single') expect(named.length).toBeLessThanOrEqual(1)
        for (const id of named) {
          expect(of(id)).toBeGreaterThanOrEqual(at(id) ?? Infinity)
          const above = nodesOf(roots).filter((node) => node.id !== id && nodesOf([node]).some((n) => n.id === id))
          for (const node of above) {
            expect(of(node.id)).toBeGreaterThanOrEqual(at(node.id) ?? 0)
            expect(named).not.toContain(node.id)
          }
        }
        expect(backOff(tree, of, at).map(({ id }) => id)).toEqual(named)
      }),
    )
  })

  it('stays as deep or goes deeper where thresholds fall', () => {
    fc.assert(
      fc.property(logits, fc.double({ min: 0, max: 1, noNaN: true }), (values, at) => {
        const probabilities = nodeProbabilities(single, ['cat', 'dog', 'bear', 'apple'], values, 1)
        const of = (id: string) => probabilities.get(id) ?? NaN
        const [strict] = backOff(single, of, () => at)
        const [loose] = backOff(single, of, () => at * 0.8)
        if (strict !== undefined) expect(nodesOf([strict]).map(({ id }) => id)).toContain(loose?.id)
      }),
    )
  })
})
