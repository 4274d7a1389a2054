import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { nodeProbabilities } from '../score/coherence.js'
import { decide } from './decide.js'
import { describePublish } from './strategies.js'
import { multi, single } from '../animals.fixture.js'
import type { TreeShape } from '../compiled-tree.js'
import type { Scores } from './strategy.js'

const from = (at: number) => ({ kind: 'threshold', at }) as const
const scoresOf = (probabilities: Float64Array): Scores => ({
  probabilities,
  ranks: probabilities,
  logits: new Float64Array(probabilities.length),
})
const decideFor = (probabilities: number[], publishAt = 0.8) =>
  decide(single, scoresOf(nodeProbabilities(single, probabilities.map(Math.log), 1)), from(publishAt))
const idsOf = (nodes: readonly number[]) => nodes.map((node) => single.ids[node])

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
        const p = nodeProbabilities(single, values, t)
        const [published] = decide(single, scoresOf(p), from(threshold)).published
        if (published === undefined) return
        expect(p[published]).toBeGreaterThanOrEqual(threshold)
        single.parents.forEach((parent, child) => parent === published && expect(p[child]).toBeLessThan(threshold))
      }),
    )
  })
})

describe('decide at the threshold', () => {
  const reach = (tree: TreeShape, cat: number) => {
    const p = Float64Array.from(tree.ids, (id) => (['animals', 'pets', 'cat'].includes(id) ? cat : 0))
    return idsOf(decide(tree, scoresOf(p), from(0.8)).published)
  }

  it.each([single, multi])('publishes what just reaches it, and nothing below: $kind', (tree) => {
    expect(reach(tree, 0.8)).toEqual(['cat'])
    expect(reach(tree, 0.8 - Number.EPSILON)).toEqual([])
  })
})

describe('decide on a multi facet', () => {
  it('publishes every leaf that is sure enough, whatever the others are', () => {
    const p = scoresOf(nodeProbabilities(multi, [4, -4, 3, 5, -1], 1))
    const { decision, published, candidates } = decide(multi, p, from(0.8))
    expect([decision, idsOf(published)]).toEqual(['published', ['cat', 'bear', 'apple']])
    expect(idsOf(candidates)).toEqual(['pear', 'dog'])
  })

  it('publishes nothing where nothing is sure', () => {
    expect(decide(multi, scoresOf(nodeProbabilities(multi, [0, 0, 0, 0, 0], 1)), from(0.8)).decision).toBe('review')
  })
})

describe('decide under a policy that never publishes', () => {
  it.each([single, multi])('sends to review what is certain, with its candidates: $kind', (tree) => {
    const certain = scoresOf(new Float64Array(tree.ids.length).fill(1))
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
