import { describe, expect, it } from '@jest/globals'
import type { Tag } from '@reeltag/contracts'
import type { Decided } from '@reeltag/decisions'
import { decideAnew, isSame } from './decide-anew.js'

const cat: Tag = { facet: 'subject', path: 'animals/cat', names: [], confidence: 0.9, status: 'published' }
const result = (...tags: Partial<Tag>[]): Decided => ({
  decision: 'published',
  tags: tags.map((tag) => ({ ...cat, ...tag })),
})

describe('a result decided anew', () => {
  it('is the same where nobody could tell it from the one before', () => {
    expect(isSame(result({}), result({ confidence: 0.9 + 1e-12, names: [{ zh: '猫', en: 'Cat' }] }))).toBe(true)
  })

  it.each([
    ['confidence', result({ confidence: 0.9001 })],
    ['path', result({ path: 'animals/dog' })],
    ['facet', result({ facet: 'style' })],
    ['status', result({ status: 'candidate' })],
    ['decision', { ...result({}), decision: 'review' as const }],
    ['number of tags', result({}, {})],
    ['number of tags, none', result()],
  ])('differs by its %s', (_, other) => {
    expect(isSame(result({}), other)).toBe(false)
    expect(isSame(other, result({}))).toBe(false)
  })

  it('throws what is nobody’s data', () => {
    const past = { ...result({}), pack: 'p/1.0.0', mask: 'text', scores: { facets: [], logits: [] } }
    const broken = [null] as unknown as Parameters<typeof decideAnew>[2]
    expect(() => decideAnew(past, 'p/1.0.0', broken)).toThrow(TypeError)
    expect(decideAnew(past, 'p/2.0.0', broken)).toEqual({ undecidable: 'other-pack' })
    expect(decideAnew({ ...past, scores: undefined }, 'p/1.0.0', broken)).toEqual({ undecidable: 'scores-missing' })
  })
})
