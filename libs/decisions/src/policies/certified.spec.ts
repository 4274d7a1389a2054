import { describe, expect, it } from '@jest/globals'
import type { PolicyDocument, Publish } from '@reeltag/contracts'
import { multi, single } from '../animals.fixture.js'
import { facetScores } from '../score/facet-scores.js'
import { decide } from './decide.js'
import { sendToReview } from './groups.js'
import { describePublish } from './strategies.js'

type Certified = Extract<Publish, { kind: 'certified' }>
const group = (under: string | null, at: number) => ({ under, error: 0.05, at, n: 200, k: 3, bound: 0.04, level: 0.05 })
const policy = (...groups: Certified['groups']): Certified => ({ kind: 'certified', delta: 0.1, groups })

// cat 0.6, dog 0.2, bear 0.1, apple 0.06, pear 0.04: pets 0.8, animals 0.9
const likely = [0.6, 0.2, 0.1, 0.06, 0.04].map(Math.log)
const published = (tree: typeof single, publish: Publish, logits: readonly number[] = likely): string[] =>
  decide(tree, facetScores(tree, logits, 'video', { temperature: { video: 1 } }), publish).published.map(
    (node) => tree.ids[node] ?? '',
  )

describe('certified', () => {
  it('publishes the deepest node on the likeliest way that reaches the threshold of its group', () => {
    expect(published(single, policy(group(null, 0.5)))).toEqual(['cat'])
    expect(published(single, policy(group(null, 0.7)))).toEqual(['pets'])
    expect(published(single, policy(group(null, 0.85)))).toEqual(['animals'])
    expect(published(single, policy(group(null, 0.95)))).toEqual([])
  })

  it('takes the nearest group at or above the likeliest leaf', () => {
    expect(published(single, policy(group(null, 0.95), group('animals', 0.7)))).toEqual(['pets'])
    expect(published(single, policy(group('animals', 0.7), group('cat', 0.5)))).toEqual(['cat'])
    // Also for a node above the leaf that has a group of its own: the promise is about contents, not about nodes.
    expect(published(single, policy(group('animals', 0.95), group('cat', 0.7)))).toEqual(['pets'])
    expect(published(single, policy(group('animals', 0.7), group('cat', 0.95)))).toEqual([])
    // The group of the fruit says nothing of a cat.
    expect(published(single, policy(group('food', 0.01)))).toEqual([])
  })

  it('publishes nothing of a group that goes to review, and no group above takes its place', () => {
    const reviewed = { ...policy(group(null, 0.5)), toReview: [{ under: 'animals', because: 'of a broken promise' }] }
    expect(published(single, reviewed)).toEqual([])
    expect(published(single, reviewed, [0.05, 0.05, 0.1, 0.6, 0.2].map(Math.log))).toEqual(['apple'])
    // A promise of its own below it still holds.
    expect(published(single, { ...reviewed, groups: [group(null, 0.5), group('cat', 0.55)] })).toEqual(['cat'])
    expect(describePublish(reviewed)).toContain('animals: reviewed, because of a broken promise')
  })

  it('publishes of a multi tree every leaf that reaches the threshold of its own group', () => {
    const logits = [2, -3, 1, 3, 0]
    expect(published(multi, policy(group(null, 0.7)), logits)).toEqual(['cat', 'bear', 'apple'])
    expect(published(multi, policy(group('food', 0.5)), logits)).toEqual(['apple', 'pear'])
  })

  it('promises no candidates of streams whose contents are other ones since a group went to review', () => {
    const rule = { alpha: 0.1, options: { penalty: 0.01, rankFree: 5 }, groups: [] }
    const document: PolicyDocument = {
      format: 1,
      pack: 'p/1.0.0',
      targets: [],
      delta: 0.1,
      facets: {
        subject: {
          temperature: {},
          publish: { video: policy(group(null, 0.5)), text: policy(group(null, 0.5)) },
          role: 'deciding',
          candidates: { video: rule, text: rule },
        },
      },
      evidence: { labelled: 0, calibrated: 0, certified: 0, leftOut: {} },
    }
    const lowered = sendToReview(document, { facet: 'subject', mask: 'video', under: null }, 'broken')
    expect(lowered?.facets['subject']).toMatchObject({
      publish: { video: { kind: 'never' } },
      candidates: { text: rule },
    })
    expect(lowered?.facets['subject']?.candidates).not.toHaveProperty('video')
  })

  it('tells operators what was proven', () => {
    expect(describePublish(policy(group('animals', 0.8123)))).toBe(
      'animals: published from 0.812, at most 4 % wrong of 5 % asked (3 of 200 were); one of these fails with at most 0.1',
    )
  })
})
