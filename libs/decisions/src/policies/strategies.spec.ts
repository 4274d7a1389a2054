import { describe, expect, it } from '@jest/globals'
import { Publish } from '@reeltag/contracts'
import fc from 'fast-check'
import { decide } from './decide.js'
import { largest } from './largest.js'
import { describePublish } from './strategies.js'
import { leaves, multi, single } from '../animals.fixture.js'
import type { TreeShape } from '../compiled-tree.js'
import { facetScores } from '../score/facet-scores.js'

const published = (tree: TreeShape, logits: readonly number[], publish: Publish) =>
  decide(tree, facetScores(tree, logits, 'text', { temperature: {} }), publish).published.map((node) => tree.ids[node])

describe('the short-video rule', () => {
  const rule: Publish = { kind: 'short-video', from: [0, 0.5, 0.5] }

  it('gives the first in any case, and the next two where their logit is not below 0', () => {
    expect(published(multi, [-5, -4, -3, -9, -9], rule)).toEqual(['bear'])
    expect(published(multi, [0, 3, -3, 2, 1], rule)).toEqual(['dog', 'apple', 'pear'])
    expect(published(multi, [0, -0.1, -3, 2, -1], rule)).toEqual(['apple', 'cat'])
  })

  it('gives one to three labels, whatever the logits are', () => {
    // So near to 0 that its sigmoid rounds to one half, a logit cannot be told from 0.
    const logits = fc.array(fc.integer({ min: -160, max: 160 }), { minLength: 5, maxLength: 5 })
    fc.assert(
      fc.property(logits, (quarters) => {
        const z = quarters.map((value) => value / 4)
        const given = published(multi, z, rule)
        expect(given.length).toBeGreaterThanOrEqual(1)
        expect(given.length).toBeLessThanOrEqual(3)
        expect(given.length).toBe(Math.min(3, Math.max(1, z.filter((value) => value >= 0).length)))
      }),
    )
  })

  it('gives a single tree one label', () => {
    expect(published(single, [3, 2, 1, 0, 0], rule)).toEqual(['cat'])
  })
})

describe('top-n', () => {
  it('publishes the likeliest n that reach the threshold', () => {
    const z = [2, 3, -3, 1, -1]
    expect(published(multi, z, { kind: 'top-n', n: 2, at: 0 })).toEqual(['dog', 'cat'])
    expect(published(multi, z, { kind: 'top-n', n: 4, at: 0.7 })).toEqual(['dog', 'cat', 'apple'])
    expect(published(single, z, { kind: 'top-n', n: 4, at: 0 })).toEqual(['dog'])
    expect(published(single, z, { kind: 'top-n', n: 4, at: 0.9 })).toEqual([])
  })
})

describe('thresholds by node', () => {
  const from = (at: Record<string, number>) => ({ kind: 'thresholds', at }) as const
  // animals 0.97, pets 0.96, cat 0.72
  const z = [3, 2, -1, 0, -1]

  it('take the deepest on the way that reaches its own', () => {
    expect(published(single, z, from({ animals: 0.5, pets: 0.5, cat: 0.5 }))).toEqual(['cat'])
    expect(published(single, z, from({ animals: 0.5, pets: 0.5, cat: 0.99 }))).toEqual(['pets'])
    expect(published(single, z, from({ cat: 0.5 }))).toEqual(['cat'])
    expect(published(single, z, from({}))).toEqual([])
  })

  it('never publish a child under a rejected parent, in either kind of tree', () => {
    expect(published(single, z, from({ animals: 0.5, pets: 0.99, cat: 0.1 }))).toEqual(['animals'])
    expect(published(multi, z, from({ animals: 0.99, cat: 0.1, dog: 0.1, apple: 0.1 }))).toEqual(['apple'])
    const chance = fc.double({ min: 0, max: 1, noNaN: true })
    const logits = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 5, maxLength: 5 })
    const some = fc.dictionary(fc.constantFrom(...single.ids), chance)
    fc.assert(
      fc.property(some, logits, fc.constantFrom(single, multi), (at, values, tree) => {
        const scores = facetScores(tree, values, 'text', { temperature: {} })
        const chosen = decide(tree, scores, from(at)).published
        for (const node of chosen) {
          expect(scores.probabilities[node]).toBeGreaterThanOrEqual(at[tree.ids[node]!]!)
          for (let above = tree.parents[node]!; above >= 0; above = tree.parents[above]!) {
            expect(chosen).not.toContain(above)
            expect(scores.probabilities[above]).toBeGreaterThanOrEqual(at[tree.ids[above]!] ?? 0)
          }
        }
        expect(tree.kind === 'multi' || chosen.length <= 1).toBe(true)
      }),
    )
  })

  it('publish no more where they are stricter: what is published is an ancestor of what was', () => {
    const logits = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 5, maxLength: 5 })
    const at = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(logits, at, at, (values, a, b) => {
        const [loose, strict] = [Math.min(a, b), Math.max(a, b)].map((limit) =>
          published(single, values, { kind: 'threshold', at: limit }),
        )
        const pathOf = (id: string | undefined) => {
          const path: string[] = []
          for (let node = single.ids.indexOf(id ?? ''); node >= 0; node = single.parents[node]!)
            path.push(single.ids[node]!)
          return path
        }
        for (const id of strict!) expect(pathOf(loose![0])).toContain(id)
      }),
    )
  })
})

describe('a per-class scale', () => {
  it('changes what is chosen, and never the confidence', () => {
    const scoring = { temperature: {}, scale: { text: { dog: Math.log(3) } } }
    const plain = facetScores(single, [1, 0.5, 0, 0, 0], 'text', { temperature: {} })
    const scaled = facetScores(single, [1, 0.5, 0, 0, 0], 'text', scoring)
    expect(scaled.probabilities).toEqual(plain.probabilities)
    const first = (scores: typeof plain) =>
      leaves[decide(single, scores, { kind: 'top-n', n: 1, at: 0 }).published[0]! - 2]
    expect([first(plain), first(scaled)]).toEqual(['cat', 'dog'])
    expect(facetScores(single, [1, 0.5, 0, 0, 0], 'video', scoring).ranks).toEqual(plain.ranks)
  })
})

describe('a policy as data', () => {
  it.each([
    [{ kind: 'short-video', from: [0, 0.5, 0.5] }, 'up to 3 leaves published, by rank from 0, 0.5, 0.5'],
    [{ kind: 'top-n', n: 3, at: 0.4 }, 'the 3 likeliest leaves published, from 0.4'],
    [{ kind: 'thresholds', at: { cat: 0.9, dog: 0.8 } }, 'published from the thresholds of 2 nodes'],
  ])('is read and told: %j', (policy, told) => {
    expect(describePublish(Publish.parse(policy))).toBe(told)
  })

  it.each([
    { kind: 'short-video', from: [] },
    { kind: 'top-n', n: 0, at: 0.5 },
    { kind: 'thresholds', at: { cat: 1.5 } },
  ])('is refused where it makes no sense: %j', (policy) => {
    expect(Publish.safeParse(policy).success).toBe(false)
  })
})

describe('the largest', () => {
  it('are those that a stable sort puts first', () => {
    const values = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 6 }), (all, count) => {
        const sorted = [...all.keys()].sort((a, b) => all[b]! - all[a]!).slice(0, count)
        expect(largest(Int32Array.from(all.keys()), Float64Array.from(all), count)).toEqual(sorted)
      }),
    )
  })
})
