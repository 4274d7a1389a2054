import { describe, expect, it } from '@jest/globals'
import type { Claim } from '../api/review-types.js'
import { addFresh, keepHeld, without } from './claims.js'

const claim = (id: string, token = 1, leaseUntil = 'soon'): Claim => ({
  item: { id, contentId: id, revision: 1, reason: 'uncertain', state: 'open', title: id, tags: [], createdAt: '' },
  token,
  leaseUntil,
})
const ids = (claims: readonly Claim[]): string[] => claims.map(({ item }) => item.id)

describe('claims on the page', () => {
  it('keep their order when more come, and take the newer token', () => {
    const after = addFresh([claim('b'), claim('a')], [claim('a', 2), claim('c')], new Set())
    expect(ids(after)).toEqual(['b', 'a', 'c'])
    expect(after[1]?.token).toBe(2)
  })

  it('never show again what was decided here and has not reached the server', () => {
    expect(ids(addFresh([claim('a')], [claim('a'), claim('b')], new Set(['a'])))).toEqual(['b'])
    expect(ids(without([claim('a'), claim('b')], 'a'))).toEqual(['b'])
  })

  it('lose what a heartbeat says is lost, and nothing else', () => {
    const after = keepHeld(
      [claim('a'), claim('b'), claim('c')],
      [{ itemId: 'a', leaseUntil: 'later' }],
      [{ itemId: 'b' }],
    )
    expect(after.map(({ item, leaseUntil }) => [item.id, leaseUntil])).toEqual([
      ['a', 'later'],
      ['c', 'soon'],
    ])
  })
})
