import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { nodeProbabilities } from '../score/coherence.js'
import { decide } from './decide.js'
import { describePublish } from './strategies.js'
import { nodesOf, type LabelTree } from '../label-tree.js'

interface Node {
  id: string
  children: Node[]
}
const leaf = (id: string): Node => ({ id, children: [] })
const roots: Node[] = [
  {
    id: 'animals',
    children: [
      { id: 'pets', children: [leaf('cat'), leaf('dog')] },
      { id: 'wild', children: [leaf('bear')] },
    ],
  },
  { id: 'food', children: [{ id: 'fruit', children: [leaf('apple'), leaf('pear')] }] },
]
const single: LabelTree<Node> = { kind: 'single', roots }
const multi: LabelTree<Node> = { kind: 'multi', roots }
const leaves = ['cat', 'dog', 'bear', 'apple', 'pear']

const from = (at: number) => ({ kind: 'threshold', at }) as const
const decideFor = (probabilities: number[], publishAt = 0.8) =>
  decide(single, nodeProbabilities(single, leaves, probabilities.map(Math.log), 1), from(publishAt))
const idsOf = (scored: readonly { node: Node }[]) => scored.map(({ node }) => node.id)

const logits = fc.array(fc.double({ min: -40, max: 40, noNaN: true }), { minLength: 5, maxLength: 5 })
const temperature = fc.double({ min: 0.05, max: 20, noNaN: true })
const publishAt = fc.double({ min: 0, max: 1, noNaN: true })

describe('decide on a single facet', () => {
  it('publishes a leaf that is sure enough', () => {
    const { decision, published } = decideFor([0.9, 0.04, 0.03, 0.02, 0.01])
    expect([decision, idsOf(published)]).toEqual(['published', ['cat']])
  })

  it('backs off to the deepest ancestor that is sure enough, and leaves the rest to a reviewer', () => {
    const near = decideFor([0.5, 0.4, 0.04, 0.03, 0.03])
    expect([near.decision, idsOf(near.published)]).toEqual(['published-ancestor', ['pets']])
    expect(idsOf(near.candidates)).toEqual(['cat', 'dog', 'bear'])
    const far = decideFor([0.4, 0.2, 0.3, 0.05, 0.05])
    expect([far.decision, idsOf(far.published)]).toEqual(['published-ancestor', ['animals']])
  })

  it('publishes nothing where nothing is sure, and offers the likeliest leaves', () => {
    const { decision, published, candidates } = decideFor([0.25, 0.1, 0.2, 0.4, 0.05])
    expect([decision, published]).toEqual(['review', []])
    expect(idsOf(candidates)).toEqual(['apple', 'cat', 'bear'])
  })

  it('follows the likeliest branch even where the likeliest leaf hangs under another', () => {
    expect(idsOf(decideFor([0.3, 0.27, 0.02, 0.4, 0.01], 0.55).published)).toEqual(['pets'])
  })

  it('prefers the first in the taxonomy where nodes are equally likely', () => {
    expect(idsOf(decideFor([0.2, 0.2, 0.2, 0.2, 0.2]).candidates)).toEqual(['cat', 'dog', 'bear'])
  })

  it('publishes no node that is not certified, and misses none deeper on its way', () => {
    fc.assert(
      fc.property(logits, temperature, publishAt, (values, t, threshold) => {
        const p = nodeProbabilities(single, leaves, values, t)
        const [published] = decide(single, p, from(threshold)).published
        if (published === undefined) return
        expect(published.probability).toBeGreaterThanOrEqual(threshold)
        for (const child of published.node.children) expect(p.get(child.id)).toBeLessThan(threshold)
      }),
    )
  })
})

describe('decide at the threshold', () => {
  const reach = (tree: LabelTree<Node>, cat: number) => {
    const p = new Map(nodesOf(roots).map(({ id }) => [id, id === 'cat' ? cat : 0]))
    return idsOf(decide(tree, p.set('pets', cat).set('animals', cat), from(0.8)).published)
  }

  it.each([single, multi])('publishes what just reaches it, and nothing below: $kind', (tree) => {
    expect(reach(tree, 0.8)).toEqual(['cat'])
    expect(reach(tree, 0.8 - Number.EPSILON)).toEqual([])
  })
})

describe('decide on a multi facet', () => {
  it('publishes every leaf that is sure enough, whatever the others are', () => {
    const p = nodeProbabilities(multi, leaves, [4, -4, 3, 5, -1], 1)
    const { decision, published, candidates } = decide(multi, p, from(0.8))
    expect([decision, idsOf(published)]).toEqual(['published', ['cat', 'bear', 'apple']])
    expect(idsOf(candidates)).toEqual(['pear', 'dog'])
  })

  it('publishes nothing where nothing is sure', () => {
    expect(decide(multi, nodeProbabilities(multi, leaves, [0, 0, 0, 0, 0], 1), from(0.8)).decision).toBe('review')
  })
})

describe('decide under a policy that never publishes', () => {
  it.each([single, multi])('sends to review what is certain, with its candidates: $kind', (tree) => {
    const certain = new Map(nodesOf(roots).map(({ id }) => [id, 1]))
    const { decision, published, candidates } = decide(tree, certain, { kind: 'never', because: 'not calibrated' })
    expect([decision, published]).toEqual(['review', []])
    expect(idsOf(candidates)).toEqual(['cat', 'dog', 'bear'])
  })
})

describe('describePublish', () => {
  it('tells an operator what is published, or why nothing is', () => {
    expect(describePublish(from(0.8))).toBe('published from 0.8')
    expect(describePublish({ kind: 'never', because: 'not calibrated' })).toBe('not calibrated: all goes to review')
  })
})

describe('nodeProbabilities', () => {
  it('is coherent for any logits: no node is likelier than its parent', () => {
    fc.assert(
      fc.property(logits, temperature, fc.constantFrom(single, multi), (values, t, tree) => {
        const p = nodeProbabilities(tree, leaves, values, t)
        const of = ({ id }: Node) => p.get(id) ?? NaN
        for (const node of nodesOf(roots)) {
          expect(of(node)).toBeGreaterThanOrEqual(0)
          expect(of(node)).toBeLessThanOrEqual(1)
          for (const child of node.children) expect(of(child)).toBeLessThanOrEqual(of(node))
        }
      }),
    )
  })

  it('adds up: roots to 1, children to their parent', () => {
    fc.assert(
      fc.property(logits, temperature, (values, t) => {
        const p = nodeProbabilities(single, leaves, values, t)
        const sum = (nodes: readonly Node[]) => nodes.reduce((total, { id }) => total + (p.get(id) ?? NaN), 0)
        expect(sum(roots)).toBeCloseTo(1, 9)
        for (const node of nodesOf(roots))
          if (node.children.length > 0) expect(sum(node.children)).toBeCloseTo(sum([node]), 9)
      }),
    )
  })

  it('stays a probability where rounding carries the sum past 1', () => {
    const four = ['a', 'b', 'c', 'd']
    const tree: LabelTree<Node> = { kind: 'single', roots: [{ id: 'all', children: four.map(leaf) }] }
    const p = nodeProbabilities(tree, four, [3, 1, 4.5, 2.5], 1)
    expect(four.reduce((sum, id) => sum + (p.get(id) ?? 0), 0)).toBeGreaterThan(1)
    expect(p.get('all')).toBe(1)
  })

  it('divides the logits by the temperature, in both kinds of trees', () => {
    const odds = (tree: LabelTree<Node>, t: number) => nodeProbabilities(tree, leaves, [3, 0, 0, 0, 0], t).get('cat')
    expect(odds(multi, 1)).toBeCloseTo(1 / (1 + Math.exp(-3)), 12)
    expect(odds(multi, 3)).toBeCloseTo(1 / (1 + Math.exp(-1)), 12)
    expect(odds(single, 3)).toBeCloseTo(Math.E / (Math.E + 4), 12)
  })

  it('does not depend on the order in which the head lists its leaves', () => {
    const order = fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 })
    fc.assert(
      fc.property(logits, order, (values, permutation) => {
        const shuffled = nodeProbabilities(
          single,
          permutation.map((i) => leaves[i] ?? ''),
          permutation.map((i) => values[i] ?? NaN),
          1,
        )
        for (const [id, probability] of nodeProbabilities(single, leaves, values, 1)) {
          expect(shuffled.get(id)).toBeCloseTo(probability, 12)
        }
      }),
    )
  })

  it.each([NaN, Infinity, -Infinity])('refuses a logit that is %d', (bad) => {
    const refused = () => nodeProbabilities(single, leaves, [1, 2, bad, 0, 0], 1)
    expect(refused).toThrow(expect.objectContaining({ code: 'INFERENCE_FAILED' }))
    expect(refused).toThrow('the logit of bear')
  })

  it('refuses another number of logits than there are leaves', () => {
    expect(() => nodeProbabilities(single, leaves, [1, 2], 1)).toThrow('2 logits for 5 leaves')
  })
})
