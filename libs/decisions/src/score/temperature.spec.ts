import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { expectedCalibrationError, negativeLogLikelihood } from './metrics.js'
import { fitTemperature, softmax, type Labelled } from './temperature.js'

/** Deterministic uniform numbers in [0, 1). */
const uniform = (seed: number) => () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647

/** Rows whose labels are drawn from the softmax of their logits, which are then made `factor` times as sure. */
const sharpened = (factor: number, count: number): Labelled[] => {
  const next = uniform(42)
  return Array.from({ length: count }, () => {
    const honest = Array.from({ length: 5 }, () => (next() - 0.5) * 6)
    let left = next()
    const label = softmax(honest).findIndex((p) => (left -= p) < 0)
    return { logits: honest.map((logit) => logit * factor), label: label < 0 ? 4 : label }
  })
}

const logits = fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 2, maxLength: 8 })
const labelled = fc.array(
  fc.record({
    logits: fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 4, maxLength: 4 }),
    label: fc.nat(3),
  }),
  { minLength: 1, maxLength: 20 },
)

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

  it('survives logits that would overflow', () => {
    expect(softmax([1_000, 999])[0]).toBeCloseTo(1 / (1 + Math.exp(-1)), 12)
    expect(softmax([3e38, -3e38], 0.05)).toEqual([1, 0])
  })
})

describe('fitTemperature', () => {
  it.each([0.4, 1, 2.5, 6])('recovers the factor %d that the logits were sharpened by', (factor) => {
    const temperature = fitTemperature(sharpened(factor, 4_000))
    expect(temperature / factor).toBeGreaterThan(0.93)
    expect(temperature / factor).toBeLessThan(1.07)
  })

  it('never makes the likelihood worse on the rows it was fitted to, nor misses a better temperature nearby', () => {
    fc.assert(
      fc.property(labelled, (rows) => {
        const temperature = fitTemperature(rows)
        const fitted = negativeLogLikelihood(rows, temperature)
        const others = [1, 0.05, 20, temperature * 1.1, temperature / 1.1].filter(
          (other) => other >= 0.05 && other <= 20,
        )
        for (const other of others) expect(fitted).toBeLessThanOrEqual(negativeLogLikelihood(rows, other) + 1e-9)
      }),
    )
  })

  it('stays within its bounds where the rows are separable, or hopeless', () => {
    expect(fitTemperature([{ logits: [1, 0], label: 0 }])).toBeCloseTo(0.05, 6)
    expect(fitTemperature([{ logits: [1, 0], label: 1 }])).toBeCloseTo(20, 6)
    expect(() => fitTemperature([])).toThrow(RangeError)
  })
})

describe('expectedCalibrationError', () => {
  it('is one half for answers that are sure and half right', () => {
    const outcomes = [true, false].flatMap((correct) => Array.from({ length: 50 }, () => ({ confidence: 1, correct })))
    expect(expectedCalibrationError(outcomes)).toBeCloseTo(0.5)
  })

  it('adds up the gaps of each bin, so that too sure here does not make up for too unsure there', () => {
    const outcomes = [0.9, 0.3].flatMap((confidence) =>
      Array.from({ length: 10 }, (_, index) => ({ confidence, correct: index < (confidence === 0.9 ? 8 : 4) })),
    )
    expect(expectedCalibrationError(outcomes)).toBeCloseTo(0.1, 12)
  })

  it('is 0 where confidence and accuracy agree', () => {
    expect(expectedCalibrationError([{ confidence: 1, correct: true }])).toBe(0)
    const outcomes = Array.from({ length: 10 }, (_, index) => ({ confidence: 0.7, correct: index < 7 }))
    expect(expectedCalibrationError(outcomes)).toBeCloseTo(0)
  })
})
