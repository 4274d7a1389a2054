import fs from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { acceptedNeeded } from './accepted-needed.js'
import { binomialCdf, errorInterval, errorLowerBound, errorUpperBound } from './binomial.js'
import { hoeffdingBentkus, lossUpperBound } from './hoeffding-bentkus.js'

// Made by fixtures/make_bounds.py.
const golden = JSON.parse(fs.readFileSync(new URL('../../fixtures/bounds.json', import.meta.url), 'utf8')) as {
  bounds: { k: number; n: number; delta: number; lower: number; upper: number }[]
  cdf: { k: number; n: number; rate: number; p: number }[]
  needed: { alpha: number; delta: number; errors: number; n: number }[]
  hoeffdingBentkus: { loss: number; n: number; alpha: number; p: number }[]
}
const within = (difference: number): void => expect(Math.abs(difference)).toBeLessThan(1e-9)

describe('agreement with scipy to 1e-9', () => {
  it('of exact bounds', () => {
    expect(golden.bounds.length).toBeGreaterThan(200)
    for (const { k, n, delta, lower, upper } of golden.bounds) {
      within(errorUpperBound(k, n, delta) - upper)
      within(errorLowerBound(k, n, delta) - lower)
      if (delta < 0.5) within(errorInterval(k, n, 2 * delta).upper - upper)
    }
  })

  it('of the binomial distribution', () => {
    for (const { k, n, rate, p } of golden.cdf) within(binomialCdf(k, n, rate) - p)
  })

  it('of Hoeffding-Bentkus p-values, losses of 0 and of 1 among them', () => {
    for (const { loss, n, alpha, p } of golden.hoeffdingBentkus) within(hoeffdingBentkus(loss, n, alpha) - p)
  })

  it('of the number of items that prove a target', () => {
    for (const { n, ...target } of golden.needed) expect(acceptedNeeded(target)).toBe(n)
  })
})

describe('acceptedNeeded', () => {
  it('is the published table at delta 0.05', () => {
    const row = (alpha: number) => [0, 1, 2, 5].map((errors) => acceptedNeeded({ alpha, delta: 0.05, errors }))
    expect([0.1, 0.05, 0.02, 0.01].map(row)).toEqual([
      [29, 46, 61, 103],
      [59, 93, 124, 208],
      [149, 236, 313, 523],
      [299, 473, 628, 1049],
    ])
  })

  it.each([0, 1, -0.1, NaN])('refuses a target of %d', (alpha) => {
    const refused = () => acceptedNeeded({ alpha, delta: 0.05, errors: 0 })
    expect(refused).toThrow(expect.objectContaining({ code: 'DECISION_INPUT_INVALID' }))
    expect(refused).toThrow(`alpha is ${alpha}`)
  })
})

describe('bounds', () => {
  const counts = fc
    .integer({ min: 1, max: 3000 })
    .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)))
  const delta = fc.double({ min: 1e-4, max: 0.9, noNaN: true })

  it('leave 0, 1, 2 errors among 100 items 2.95, 4.66, 6.16 %', () => {
    const percent = [0, 1, 2].map((k) => (100 * errorUpperBound(k, 100, 0.05)).toFixed(2))
    expect(percent).toEqual(['2.95', '4.66', '6.16'])
  })

  it('are above alpha exactly where the test fails', () => {
    fc.assert(
      fc.property(counts, delta, fc.double({ min: 0.005, max: 0.9, noNaN: true }), ([k, n], d, alpha) => {
        const bound = errorUpperBound(k, n, d)
        fc.pre(Math.abs(bound - alpha) > 1e-9)
        expect(bound <= alpha).toBe(binomialCdf(k, n, alpha) <= d)
      }),
    )
  })

  it('grow with errors and shrink with items', () => {
    fc.assert(
      fc.property(counts, delta, ([k, n], d) => {
        const bound = errorUpperBound(k, n, d)
        if (d <= 0.5) expect(bound).toBeGreaterThanOrEqual(k / n - 1e-12)
        expect(errorUpperBound(k, n + 1, d)).toBeLessThanOrEqual(bound)
        if (k < n) expect(errorUpperBound(k + 1, n, d)).toBeGreaterThanOrEqual(bound)
      }),
    )
  })

  it('say nothing without items, and nothing where all are wrong', () => {
    expect([errorUpperBound(0, 0, 0.1), errorUpperBound(7, 7, 0.1), errorLowerBound(0, 7, 0.1)]).toEqual([1, 1, 0])
  })

  it.each([
    [-1, 5],
    [6, 5],
    [0.5, 5],
    [0, 2.5],
  ])('refuse %d errors among %d', (k, n) => {
    expect(() => errorUpperBound(k, n, 0.1)).toThrow('are no counts')
  })
})

describe('Hoeffding-Bentkus', () => {
  it('is the p-value that its bound inverts', () => {
    for (const [loss, n] of [
      [0, 50],
      [0.02, 300],
      [0.5, 80],
    ] as const) {
      const bound = lossUpperBound(loss, n, 0.1)
      expect(hoeffdingBentkus(loss, n, bound + 1e-6)).toBeLessThanOrEqual(0.1)
      expect(hoeffdingBentkus(loss, n, bound - 1e-6)).toBeGreaterThan(0.1)
    }
  })

  it('is a number where nothing was lost, and 1 where nothing is known', () => {
    expect(hoeffdingBentkus(0, 50, 0.1)).toBeCloseTo(0.9 ** 50, 12)
    expect(hoeffdingBentkus(0, 0, 0.1)).toBe(1)
  })
})
