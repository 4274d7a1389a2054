import { describe, expect, it } from '@jest/globals'
import { correctedBy, suggestionOf } from './suggestion.js'
import type { Tree } from './trees.js'

const tree: Tree = new Map([
  ['subject', { kind: 'single', paths: new Map() }],
  ['style', { kind: 'multi', paths: new Map() }],
])
const tag = (facet: string, path: string, confidence: number, status: 'published' | 'candidate' = 'candidate') => ({
  ...{ facet, path, confidence, status },
})
const suggested = (...tags: ReturnType<typeof tag>[]) =>
  suggestionOf(tags, tree).map(({ facet, path }) => `${facet} ${path}`)

describe('what is suggested to a reviewer', () => {
  it('is the likeliest candidate of a facet that takes one node', () => {
    expect(suggested(tag('subject', 'food', 0.3), tag('subject', 'animals', 0.6))).toEqual(['subject animals'])
  })

  it('is the likeliest node under an ancestor that is published, or what is published', () => {
    const published = tag('subject', 'food', 0.9, 'published')
    const [under, beside] = [tag('subject', 'food/noodles', 0.5), tag('subject', 'foodie', 0.7)]
    expect(suggested(published, under, beside)).toEqual(['subject food/noodles'])
    expect(suggested(published, beside)).toEqual(['subject food'])
  })

  it('is of a facet that takes several what is published, or else what is likelier than not', () => {
    const candidates = [tag('style', 'calm', 0.5), tag('style', 'old', 0.49), tag('style', 'dark', 0.7)]
    expect(suggested(...candidates)).toEqual(['style dark', 'style calm'])
    expect(suggested(...candidates, tag('style', 'loud', 0.6, 'published'))).toEqual(['style loud'])
  })

  it('stays in the facets of which a correction says nothing', () => {
    const suggestion = [
      { facet: 'subject', path: 'food' },
      { facet: 'style', path: 'calm' },
    ]
    expect(correctedBy(suggestion, [{ facet: 'subject', path: 'animals' }])).toEqual([
      { facet: 'style', path: 'calm' },
      { facet: 'subject', path: 'animals' },
    ])
  })
})
