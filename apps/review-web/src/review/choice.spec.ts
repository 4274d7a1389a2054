import { describe, expect, it } from '@jest/globals'
import { chosenTags, choose, optionsOf, suggestionOf, verdictOf } from './choice.js'

const tag = (facet: string, path: string, confidence: number) => ({
  facet,
  path,
  names: [{ zh: path, en: path }],
  confidence,
  status: 'candidate',
})
const item = {
  tags: [tag('subject', 'cat', 0.3), tag('subject', 'dog', 0.6), tag('mood', 'calm', 0.5), tag('mood', 'funny', 0.4)],
}
const dog = { facet: 'subject', path: 'dog' }
const cat = { facet: 'subject', path: 'cat' }
const calm = { facet: 'mood', path: 'calm' }
const funny = { facet: 'mood', path: 'funny' }
const suggestion = suggestionOf(item)

describe('options of an item', () => {
  it('stand facet by facet, what is suggested first', () => {
    expect(optionsOf(item).map(({ path, isSuggested }) => [path, isSuggested])).toEqual([
      ['dog', true],
      ['cat', false],
      ['calm', true],
      ['funny', false],
    ])
    expect(optionsOf({ ...item, suggestion: [cat] })[0]?.path).toBe('cat')
  })
})

describe('choosing', () => {
  it('takes the place of the other in a facet of one label, and back again is no change', () => {
    const changes = choose(suggestion, [], cat, 'single')
    expect(changes).toEqual([cat])
    expect(chosenTags(suggestion, changes)).toEqual([calm, cat])
    expect(choose(suggestion, changes, dog, 'single')).toEqual([])
  })

  it('adds and takes away in a facet of several, and leaves the last one', () => {
    const both = choose(suggestion, [], funny, 'multi')
    expect(both).toEqual([calm, funny])
    const one = choose(suggestion, both, calm, 'multi')
    expect(one).toEqual([funny])
    expect(choose(suggestion, one, funny, 'multi')).toEqual([funny])
  })

  it('changes one facet without another', () => {
    const changes = choose(suggestion, choose(suggestion, [], funny, 'multi'), cat, 'single')
    expect(chosenTags(suggestion, changes)).toEqual([calm, funny, cat])
  })
})

describe('a verdict', () => {
  const claim = { itemId: 'i', token: 4 }

  it('is a correction as soon as something is changed, and names the changed facets alone', () => {
    expect(verdictOf(claim, 'v', 'accept', { changes: [] })).toEqual({
      id: 'v',
      itemId: 'i',
      token: 4,
      action: 'accept',
    })
    expect(verdictOf(claim, 'v', 'accept', { changes: [cat] })).toMatchObject({ action: 'correct', tags: [cat] })
  })

  it('has no tags where nothing is published, whatever was chosen before', () => {
    const rejected = verdictOf(claim, 'v', 'reject', { changes: [cat], reason: 'none-fits', note: '  ' })
    expect(rejected).toEqual({ id: 'v', itemId: 'i', token: 4, action: 'reject', reason: 'none-fits' })
  })
})
