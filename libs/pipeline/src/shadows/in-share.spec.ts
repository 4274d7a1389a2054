import { describe, expect, it } from '@jest/globals'
import { newId } from '@reeltag/platform'
import { isInShare } from './in-share.js'

const ids = Array.from({ length: 4_000 }, newId)

describe('a share of the contents', () => {
  it('is as large as was asked for, although ids begin alike', () => {
    for (const share of [0.1, 0.5]) {
      const taken = ids.filter((id) => isInShare(id, share)).length / ids.length
      expect(Math.abs(taken - share)).toBeLessThan(0.04)
    }
  })

  it('is everything, or nothing, at its ends', () => {
    expect(ids.every((id) => isInShare(id, 1))).toBe(true)
    expect(ids.some((id) => isInShare(id, 0))).toBe(false)
  })

  it('only grows with the share', () => {
    const small = ids.filter((id) => isInShare(id, 0.1))
    expect(small.every((id) => isInShare(id, 0.2))).toBe(true)
  })
})
