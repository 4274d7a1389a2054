import { describe, expect, it } from '@jest/globals'
import type { Decision, Tag } from '@reeltag/contracts'
import { PackComparison } from './comparison.js'

const tag = (path: string, confidence = 0.9, status: Tag['status'] = 'published', facet = 'subject'): Tag => ({
  facet,
  path,
  names: [],
  confidence,
  status,
})
const judged = (decision: Decision, ...tags: Tag[]) => ({ decision, tags })
const sure = (path: string, confidence?: number) => judged('published', tag(path, confidence))

describe('PackComparison', () => {
  it('counts agreement at every level of the tree, and where the leaves differ most', () => {
    const comparison = new PackComparison()
    comparison.add(sure('animals/cat'), sure('animals/cat'))
    for (let i = 0; i < 2; i++) comparison.add(sure('animals/cat'), sure('animals/dog'))
    comparison.add(sure('animals/dog'), sure('food'))
    const { contents, facets } = comparison.summary()
    expect(contents).toBe(4)
    expect(facets[0]?.levels).toEqual([
      { level: 1, compared: 4, agreed: 3 },
      { level: 2, compared: 4, agreed: 1 },
    ])
    expect(facets[0]?.disagreements).toEqual([
      { active: 'animals/cat', shadow: 'animals/dog', contents: 2 },
      { active: 'animals/dog', shadow: 'food', contents: 1 },
    ])
  })

  it('takes the likeliest leaf of what was not published, and its confidence', () => {
    const comparison = new PackComparison()
    const cat = tag('animals/cat', 0.6, 'candidate')
    const dog = tag('animals/dog', 0.3, 'candidate')
    comparison.add(judged('published-ancestor', tag('animals', 0.95), cat, dog), judged('review', dog, cat))
    const { decisions, facets } = comparison.summary()
    expect(facets[0]).toMatchObject({ confidence: { active: 0.6, shadow: 0.3 } })
    expect(facets[0]?.levels.map(({ agreed }) => agreed)).toEqual([1, 0])
    expect(decisions).toEqual({
      active: { published: 0, 'published-ancestor': 1, review: 0 },
      shadow: { published: 0, 'published-ancestor': 0, review: 1 },
    })
  })

  it('takes several published nodes of one facet as one answer, in whatever order', () => {
    const comparison = new PackComparison()
    const [vlog, news] = [tag('vlog', 0.9), tag('news', 0.7)]
    comparison.add(judged('published', vlog, news), judged('published', news, vlog))
    comparison.add(judged('published', vlog, news), judged('published', vlog))
    expect(comparison.summary().facets[0]).toMatchObject({
      levels: [{ compared: 2, agreed: 1 }],
      disagreements: [{ active: 'news + vlog', shadow: 'vlog', contents: 1 }],
    })
  })

  it('compares labels of different taxonomies only where both have the path', () => {
    const comparison = new PackComparison((_facet, path) => path !== 'animals/puppy')
    comparison.add(sure('animals/dog'), sure('animals/puppy'))
    comparison.add(sure('animals/dog'), sure('animals/dog'))
    expect(comparison.summary().facets).toEqual([
      {
        facet: 'subject',
        levels: [
          { level: 1, compared: 2, agreed: 2 },
          { level: 2, compared: 1, agreed: 1 },
        ],
        confidence: { active: 0.9, shadow: 0.9 },
        disagreements: [],
        incomparable: 1,
      },
    ])
  })

  it('leaves out a facet that only one of them knows', () => {
    const comparison = new PackComparison()
    comparison.add(judged('published', tag('cat'), tag('vlog', 0.9, 'published', 'form')), sure('cat'))
    expect(comparison.summary().facets.map(({ facet }) => facet)).toEqual(['subject'])
  })
})
