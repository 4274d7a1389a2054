import { describe, expect, it } from '@jest/globals'
import { createHash } from 'node:crypto'
import { thinned } from './labelled.js'

const rows = (count: number, propensity: number | null) =>
  Array.from({ length: count }, (_, index) => ({
    contentHash: createHash('sha256').update(`${propensity} ${index}`).digest('hex'),
    propensity,
  }))

describe('thinned', () => {
  it('keeps of contents that were looked at more often as many as of those that were looked at least', () => {
    const [rare, half, all] = [rows(300, 0.1), rows(1_000, 0.5), rows(2_000, 1)]
    const kept = thinned([...rare, ...half, ...all])
    const count = (wanted: number) => kept.filter(({ propensity }) => propensity === wanted).length
    expect(count(0.1)).toBe(300)
    // Each within four standard errors of its share: 0.1 / 0.5, and 0.1 / 1.
    expect(Math.abs(count(0.5) - 200)).toBeLessThan(4 * Math.sqrt(1_000 * 0.2 * 0.8))
    expect(Math.abs(count(1) - 200)).toBeLessThan(4 * Math.sqrt(2_000 * 0.1 * 0.9))
  })

  it('keeps the same contents each time, and all where no propensity is known or all are equal', () => {
    const mixed = [...rows(50, 0.2), ...rows(200, 1)]
    expect(thinned(mixed.toReversed()).toReversed()).toEqual(thinned(mixed))
    for (const all of [rows(100, null), rows(100, 0.3), []]) expect(thinned(all)).toEqual(all)
    expect(thinned([...rows(100, null), ...rows(10, 0.5)])).toHaveLength(110)
  })

  it('takes as many as there are', () => {
    expect(
      thinned(Array.from({ length: 300_000 }, () => ({ contentHash: '0'.repeat(64), propensity: 0.5 }))),
    ).toHaveLength(300_000)
  })
})
