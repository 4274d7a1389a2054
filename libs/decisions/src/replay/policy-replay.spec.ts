import { describe, expect, it } from '@jest/globals'
import type { FacetToDecide } from '../decide-content.js'
import { leaves, petsFacet } from './pets.fixture.js'
import { Replaying, type ReplayedContent } from './policy-replay.js'

const facet = petsFacet()
const from = (at: number): FacetToDecide[] => [
  {
    facet,
    leaves,
    temperature: { video: 1 },
    publish: { video: { kind: 'threshold', at } },
    role: 'deciding',
  },
]
const content = (contentId: string, probabilities: number[], truth?: string[]): ReplayedContent => ({
  contentId,
  mask: 'video',
  logits: { subject: probabilities.map(Math.log) },
  ...(truth === undefined ? {} : { truth: { subject: truth } }),
})

describe('Replaying', () => {
  const replaying = new Replaying(from(0.9), from(0.6), { minutesPerReview: 2 })
  replaying.add(content('1', [0.95, 0.03, 0.02], ['animals/cat']))
  replaying.add(content('2', [0.7, 0.25, 0.05], ['animals/dog']))
  replaying.add(content('3', [0.7, 0.25, 0.05]))
  replaying.add(content('4', [0.45, 0.25, 0.3], ['animals/dog']))
  replaying.add(content('5', [0.4, 0.15, 0.45], ['food']))
  const summary = replaying.summary(7)

  it('counts what both policies decide, and what reviewers have to do', () => {
    expect(summary).toMatchObject({
      contents: 5,
      undecidable: 7,
      decisions: {
        before: { published: 1, 'published-ancestor': 2, review: 2 },
        after: { published: 3, 'published-ancestor': 1, review: 1 },
      },
      coverage: { before: 0.6, after: 0.8 },
      // Everything that is not whole goes to a reviewer.
      reviewMinutes: { before: 8, after: 4 },
    })
  })

  it('judges by the truth: an ancestor of it is right, and contents without one say nothing', () => {
    expect(summary.judged).toEqual({ contents: 4, published: 3, wrong: 1 })
  })

  it('lists what changes, the commonest first, with contents to look at', () => {
    expect(summary.flips).toEqual([
      { facet: 'subject', before: 'animals', after: 'animals/cat', contents: 2, examples: ['2', '3'] },
      { facet: 'subject', before: null, after: 'animals', contents: 1, examples: ['4'] },
    ])
  })

  it('tells the coverage of each branch', () => {
    expect(summary.classes).toEqual([
      { facet: 'subject', node: 'animals', contents: 4, before: 0.75, after: 1 },
      { facet: 'subject', node: 'food', contents: 1, before: 0, after: 0 },
    ])
  })

  it('says nothing of nothing', () => {
    expect(new Replaying(from(0.9), from(0.6), { minutesPerReview: 2 }).summary(0)).toMatchObject({
      contents: 0,
      coverage: { before: 0, after: 0 },
      flips: [],
    })
  })
})
