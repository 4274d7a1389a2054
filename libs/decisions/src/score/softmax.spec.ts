import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { softmax } from './softmax.js'

const logits = fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 2, maxLength: 8 })

describe('softmax', () => {
  it('sums to 1 and keeps the order of the logits', () => {
    fc.assert(
      fc.property(logits, fc.double({ min: 0.05, max: 20, noNaN: true }), (values, temperature) => {
        const p = softmax(values, temperature)
        expect(p.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9)
        values.forEach((a, i) => values.forEach((b, j) => a > b && expect(p[i]).toBeGreaterThanOrEqual(p[j] ?? NaN)))
      }),
    )
  })

  it('divides the logits by the temperature', () => {
    expect(softmax([3, 1], 2)[0]).toBeCloseTo(1 / (1 + Math.exp(-1)), 12)
  })

  it('survives logits that would overflow', () => {
    expect(softmax([1_000, 999])[0]).toBeCloseTo(1 / (1 + Math.exp(-1)), 12)
    expect([...softmax([3e38, -3e38], 0.05)]).toEqual([1, 0])
  })
})
