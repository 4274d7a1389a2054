import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { errorInterval } from '../bounds/binomial.js'
import { seeded } from '../simulation.fixture.js'
import { isAudited, unitOf } from './choose.js'
import { precisionByPropensity, rightOnesByPropensity, type LookedAt } from './precision.js'

describe('isAudited', () => {
  it('takes the promised share, and with a larger share the same items and more', () => {
    const random = seeded(1)
    const units = Array.from({ length: 20_000 }, random)
    const taken = (share: number) => units.filter((unit) => isAudited(unit, share))
    expect(taken(0.03).length / 20_000).toBeCloseTo(0.03, 2)
    const more = new Set(taken(0.1))
    expect(taken(0.03).every((unit) => more.has(unit))).toBe(true)
    expect([taken(0).length, taken(1).length]).toEqual([0, 20_000])
  })

  it('reads a number from a keyed hash', () => {
    expect(unitOf('8000000000000000')).toBe(0.5)
    expect(unitOf('ffffffffffffffff')).toBeLessThan(1)
    expect(unitOf('00000000000000ff')).toBe(0)
    expect(() => unitOf('xyz')).toThrow('13 hexadecimal digits')
  })
})

describe('precision by inverse propensity', () => {
  const draws = 400
  const items = 1000
  // Of uncertain items, six in ten are right and reviewers see most; of sure ones, all but 3 in 100, and they see few.
  const truth = 0.25 * 0.6 + 0.75 * 0.97
  const looked = (random: () => number): LookedAt[] =>
    Array.from({ length: items }, () => {
      const isUncertain = random() < 0.25
      const propensity = isUncertain ? 0.8 : 0.05
      return { correct: random() < (isUncertain ? 0.6 : 0.97), propensity, taken: random() < propensity }
    }).filter(({ taken }) => taken)
  const samples = Array.from({ length: draws }, (_, draw) => looked(seeded(100 + draw)))
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

  it('is unbiased where reviewers see the uncertain items first, and biased without weights', () => {
    const weighted = samples.map((rows) => precisionByPropensity(rows).precision ?? NaN)
    const unweighted = samples.map((rows) => rows.filter(({ correct }) => correct).length / rows.length)
    const exact = samples.map((rows) => rightOnesByPropensity(rows) / items)
    expect(Math.abs(mean(weighted) - truth)).toBeLessThan(0.006)
    expect(Math.abs(mean(exact) - truth)).toBeLessThan(0.012)
    expect(truth - mean(unweighted)).toBeGreaterThan(0.15)
  })

  it('holds the truth in its interval in 95 % of draws', () => {
    const missed = samples.filter((rows) => {
      const { lower, upper } = precisionByPropensity(rows, 0.05)
      return truth < lower || truth > upper
    }).length
    expect(errorInterval(missed, draws, 0.05).lower).toBeLessThanOrEqual(0.05)
  })

  it('is the plain share with the exact interval where all were equally likely to be looked at', () => {
    const rows = Array.from({ length: 200 }, (_, index) => ({ correct: index >= 10, propensity: 0.02 }))
    const { precision, lower, upper, nEffective } = precisionByPropensity(rows)
    const errors = errorInterval(10, 200, 0.05)
    expect([precision, nEffective]).toEqual([expect.closeTo(0.95, 12), expect.closeTo(200, 9)])
    expect([1 - upper, 1 - lower]).toEqual([expect.closeTo(errors.lower, 9), expect.closeTo(errors.upper, 9)])
  })

  it('stays open below where no error was found', () => {
    const rows = Array.from({ length: 50 }, () => ({ correct: true, propensity: 0.1 }))
    expect(precisionByPropensity(rows)).toMatchObject({ precision: 1, upper: 1, lower: expect.closeTo(0.9289, 4) })
    expect(precisionByPropensity([])).toMatchObject({ precision: null, lower: 0, upper: 1, n: 0 })
  })

  it('lies in its interval, for any propensities', () => {
    const row = fc.record({ correct: fc.boolean(), propensity: fc.double({ min: 0.01, max: 1, noNaN: true }) })
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 60 }), (rows) => {
        const { precision, lower, upper, n, nEffective } = precisionByPropensity(rows)
        expect(lower).toBeLessThanOrEqual((precision ?? NaN) + 1e-9)
        expect(upper).toBeGreaterThanOrEqual((precision ?? NaN) - 1e-9)
        expect(nEffective).toBeLessThanOrEqual(n)
      }),
    )
  })

  it.each([0, -1, 1.5, NaN])('refuses a propensity of %d', (propensity) => {
    expect(() => precisionByPropensity([{ correct: true, propensity }])).toThrow('propensity is')
  })
})
