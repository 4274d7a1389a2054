import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { compiled, leaf, leaves, multi, single, type Node } from '../animals.fixture.js'
import { compileTree, type TreeShape } from '../compiled-tree.js'
import { nodeProbabilities, restoreCoherence } from './coherence.js'

const logits = fc.array(fc.double({ min: -40, max: 40, noNaN: true }), { minLength: 5, maxLength: 5 })
const temperature = fc.double({ min: 0.05, max: 20, noNaN: true })
const anything = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 10, maxLength: 10 })
const ways = ['max-up', 'min-down'] as const

const expectCoherent = (tree: TreeShape, p: Float64Array) =>
  p.forEach((probability, node) => {
    expect(probability).toBeGreaterThanOrEqual(0)
    expect(probability).toBeLessThanOrEqual(p[tree.parents[node]!] ?? 1)
  })

const expectMassConserved = (p: Float64Array) => {
  const under = (parent: number) =>
    p.reduce((sum, value, node) => sum + (single.parents[node] === parent ? value : 0), 0)
  expect(under(-1)).toBeCloseTo(1, 9)
  p.forEach((value, node) => !single.leaves.includes(node) && expect(under(node)).toBeCloseTo(value, 9))
}

describe('nodeProbabilities', () => {
  it('is coherent for any logits: no node is likelier than its parent', () => {
    fc.assert(
      fc.property(logits, temperature, fc.constantFrom(single, multi), (values, t, tree) => {
        const p = nodeProbabilities(tree, values, t)
        expectCoherent(tree, p)
      }),
    )
  })

  it('adds up: roots to 1, children to their parent', () => {
    fc.assert(
      fc.property(logits, temperature, (values, t) => {
        const p = nodeProbabilities(single, values, t)
        expectMassConserved(p)
      }),
    )
  })

  it('stays a probability where rounding carries the sum past 1', () => {
    const four = ['a', 'b', 'c', 'd']
    const tree = compileTree<Node>({ kind: 'single', roots: [{ id: 'all', children: four.map(leaf) }] }, four)
    const [all, ...ofLeaves] = nodeProbabilities(tree, [3, 1, 4.5, 2.5], 1)
    expect(ofLeaves.reduce((sum, p) => sum + p, 0)).toBeGreaterThan(1)
    expect(all).toBe(1)
  })

  it('divides the logits by the temperature, in both kinds of trees', () => {
    const odds = (tree: TreeShape, t: number) => nodeProbabilities(tree, [3, 0, 0, 0, 0], t)[tree.ids.indexOf('cat')]
    expect(odds(multi, 1)).toBeCloseTo(1 / (1 + Math.exp(-3)), 12)
    expect(odds(multi, 3)).toBeCloseTo(1 / (1 + Math.exp(-1)), 12)
    expect(odds(single, 3)).toBeCloseTo(Math.E / (Math.E + 4), 12)
  })

  it('does not depend on the order in which the head lists its leaves', () => {
    const order = fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 })
    fc.assert(
      fc.property(logits, order, (values, permutation) => {
        const shuffled = compiled(
          'single',
          permutation.map((i) => leaves[i]!),
        )
        const inOrder = permutation.map((i) => values[i]!)
        const expected = nodeProbabilities(single, values, 1)
        nodeProbabilities(shuffled, inOrder, 1).forEach((p, node) => expect(p).toBeCloseTo(expected[node]!, 12))
      }),
    )
  })

  it.each([NaN, Infinity, -Infinity])('refuses a logit that is %d', (bad) => {
    const refused = () => nodeProbabilities(single, [1, 2, bad, 0, 0], 1)
    expect(refused).toThrow(expect.objectContaining({ code: 'INFERENCE_FAILED' }))
    expect(refused).toThrow('the logit of bear')
  })

  it('refuses another number of logits than there are leaves', () => {
    expect(() => nodeProbabilities(single, [1, 2], 1)).toThrow('2 logits for 5 leaves')
  })
})

describe('restoreCoherence', () => {
  it.each(ways)('leaves no child likelier than its parent in a multi tree: %s', (way) => {
    fc.assert(
      fc.property(anything, (values) => {
        const p = Float64Array.from(values)
        restoreCoherence(multi, p, way)
        expectCoherent(multi, p)
      }),
    )
  })

  it('raises parents or lowers children, and touches nothing else', () => {
    // animals, pets, cat, dog, wild, bear, food, fruit, apple, pear
    const restored = (way: (typeof ways)[number]) => {
      const p = Float64Array.of(0.2, 0.6, 0.5, 0.1, 0.1, 0.1, 0.9, 0.3, 0.3, 0.4)
      restoreCoherence(multi, p, way)
      return [...p]
    }
    expect(restored('max-up')).toEqual([0.6, 0.6, 0.5, 0.1, 0.1, 0.1, 0.9, 0.4, 0.3, 0.4])
    expect(restored('min-down')).toEqual([0.2, 0.2, 0.2, 0.1, 0.1, 0.1, 0.9, 0.3, 0.3, 0.3])
  })

  it('conserves the mass of a single tree, whatever the maps of its leaves made of it', () => {
    fc.assert(
      fc.property(anything, (values) => {
        const p = Float64Array.from(values, (value) => value + 1e-9)
        restoreCoherence(single, p)
        expectMassConserved(p)
      }),
    )
  })

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(anything, fc.constantFrom(single, multi), fc.constantFrom(...ways), (values, tree, way) => {
        const once = Float64Array.from(values, (value) => value + 1e-9)
        restoreCoherence(tree, once, way)
        const twice = once.slice()
        restoreCoherence(tree, twice, way)
        twice.forEach((p, node) => expect(p).toBeCloseTo(once[node]!, 14))
      }),
    )
  })
})
