import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { applyDiff } from './apply-diff.js'
import { diffTaxonomies } from './diff.js'
import { anyTree, node, taxonomy } from './trees.fixture.js'

const before = taxonomy(1, [
  node('animals', node('cat'), node('kitten'), node('bird')),
  node('sports'),
  node('food', node('fish')),
])

describe('the diff of two versions', () => {
  it('tells what came, went, moved and has another name', () => {
    const after = taxonomy(2, [
      node('animals', { ...node('cat'), synonyms: { en: ['kitten'] } }, node('fish')),
      node('sports', node('football'), node('tennis')),
      { ...node('food'), names: { zh: '美食', en: 'Food' } },
    ])
    const { changed } = diffTaxonomies(before, after)
    expect(changed).toEqual([
      expect.objectContaining({
        facet: 'subject',
        added: [
          expect.objectContaining({ path: 'sports/football', parent: 'sports' }),
          expect.objectContaining({ path: 'sports/tennis' }),
        ],
        removed: [
          { id: 'kitten', path: 'animals/kitten' },
          { id: 'bird', path: 'animals/bird' },
        ],
        moved: [{ id: 'fish', parent: 'animals', from: 'food/fish', to: 'animals/fish' }],
        renamed: [{ id: 'food', from: { zh: 'food·中', en: 'food' }, to: { zh: '美食', en: 'Food' } }],
        edited: [expect.objectContaining({ fields: ['synonyms'] })],
        merged: [{ from: 'kitten', into: 'cat', because: 'kitten' }],
        split: [{ from: 'sports', into: ['football', 'tennis'] }],
      }),
    ])
  })

  it('is empty for two versions with the same content', () => {
    expect(diffTaxonomies(before, { ...before, version: 2 })).toMatchObject({ added: [], removed: [], changed: [] })
  })

  it('sees the facets that came and went, and a kind that changed', () => {
    const [facet] = before.facets
    const after = { ...before, version: 2, facets: [{ ...facet!, id: 'motion' }] }
    expect(diffTaxonomies(before, after)).toMatchObject({ added: [{ id: 'motion' }], removed: ['subject'] })
    const multi = taxonomy(2, before.facets[0]!.nodes, 'multi')
    expect(diffTaxonomies(before, multi).changed).toMatchObject([{ head: { kind: 'multi' }, added: [], moved: [] }])
  })

  it('makes the new version of the old one, order and all', () => {
    fc.assert(
      fc.property(anyTree, anyTree, (one, other) => {
        const [from, to] = [taxonomy(1, one), taxonomy(2, other)]
        expect(applyDiff(from, diffTaxonomies(from, to))).toEqual(to)
      }),
      { numRuns: 300 },
    )
  })

  it('is refused by another version than the one that it starts from', () => {
    const diff = diffTaxonomies(before, { ...before, version: 2 })
    expect(() => applyDiff({ ...before, version: 3 }, diff)).toThrow('the diff starts from tiny/1, not from tiny/3')
  })
})
