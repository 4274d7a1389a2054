import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { fitBeta } from './beta.js'
import { applyToProbability } from '../calibration/calibrate.js'
import { inside, logOdds, type NodeCalibrator } from './calibrator.js'
import { fitIsotonic, interpolate, poolAdjacentViolators } from './isotonic.js'
import { fitPlatt, plattTargets } from './platt.js'
import { fitBinaryTemperature, fitTemperature } from './temperature.js'
import { applyVector, fitVector } from './vector.js'
import { softmax } from '../score/softmax.js'
import { seededRandom } from '../scale/seeded-random.js'

const draw = (p: ArrayLike<number>, u: number): number => {
  let sum = 0
  for (let c = 0; c < p.length; c++) if (u < (sum += p[c]!)) return c
  return p.length - 1
}
const sampled = (size: number, classes: number, temperature: number) => {
  const random = seededRandom(7)
  const logits = Array.from({ length: size }, () => Array.from({ length: classes }, () => 6 * random() - 3))
  return { logits, truth: logits.map((row) => draw(softmax(row, temperature), random())) }
}

const sample = fc
  .array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 1)), { minLength: 4, maxLength: 60 })
  .filter((pairs) => new Set(pairs.map(([, label]) => label)).size === 2)
const nll = (probabilities: readonly number[], targets: ArrayLike<number>): number =>
  probabilities.reduce((sum, probability, i) => {
    const p = inside(probability)
    return sum - targets[i]! * Math.log(p) - (1 - targets[i]!) * Math.log1p(-p)
  }, 0)

describe('a temperature', () => {
  it.each([0.5, 1, 3])('is recovered where it is known: %d', (t) => {
    const { logits, truth } = sampled(20_000, 5, t)
    expect(fitTemperature(logits, truth).t / t).toBeCloseTo(1, 1)
  })

  it('is recovered to the last digits where the labels are exactly as likely as it says', () => {
    const score = 2 * Math.log(3)
    expect(fitBinaryTemperature([score, score, score, score], [1, 1, 1, 0]).t).toBeCloseTo(2, 12)
  })

  it('stays finite where every prediction is right, and where every one is wrong', () => {
    const { t } = fitTemperature([[9, 0]], [0])
    expect(t).toBeGreaterThanOrEqual(0.01)
    expect(t).toBeLessThan(1)
    expect(fitTemperature([[9, 0]], [1]).t).toBeCloseTo(100, 6)
  })

  it('is never worse than 1 on what it was fitted on', () => {
    const rows = fc.array(
      fc.tuple(fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 3, maxLength: 3 }), fc.nat(2)),
      { minLength: 2, maxLength: 30 },
    )
    fc.assert(
      fc.property(rows, (pairs) => {
        const [logits, truth] = [pairs.map(([row]) => row), pairs.map(([, c]) => c)]
        const loss = (t: number) => logits.reduce((sum, row, i) => sum - Math.log(softmax(row, t)[truth[i]!]!), 0)
        expect(loss(fitTemperature(logits, truth).t)).toBeLessThanOrEqual(loss(1) + 1e-9)
      }),
    )
  })
})

describe('vector scaling', () => {
  const { logits, truth } = sampled(400, 3, 2)

  it('is never worse than the identity on what it was fitted on, and moves no mass', () => {
    const fitted = fitVector(logits, truth)
    const loss = (of: typeof fitted) =>
      logits.reduce((sum, row, i) => sum - Math.log(applyVector(of, row)[truth[i]!]!), 0)
    expect(loss(fitted)).toBeLessThan(loss({ kind: 'vector', w: [1, 1, 1], b: [0, 0, 0] }))
    expect(fitted.b.reduce((sum, b) => sum + b, 0)).toBeCloseTo(0, 6)
  })

  it('refuses more classes than it can fit in time', () => {
    expect(() => fitVector([new Float64Array(65)], [0])).toThrow('at most 64 classes; there are 65')
  })
})

describe('maps of one probability', () => {
  const split = (pairs: readonly (readonly [number, number])[]) =>
    [pairs.map(([p]) => p), pairs.map(([, label]) => label)] as const
  const after = (calibrator: NodeCalibrator, probabilities: readonly number[]) =>
    probabilities.map((p) => applyToProbability(calibrator, p))

  it('beta and isotonic are never worse than the identity on what they were fitted on', () => {
    fc.assert(
      fc.property(sample, (pairs) => {
        const [p, labels] = split(pairs)
        for (const fitted of [fitBeta(p, labels), fitIsotonic(p, labels)])
          expect(nll(after(fitted, p), labels)).toBeLessThanOrEqual(nll(p, labels) + 1e-6)
      }),
    )
  })

  it('Platt is never worse than the identity on its own targets', () => {
    fc.assert(
      fc.property(sample, (pairs) => {
        const [p, labels] = split(pairs)
        const targets = plattTargets(labels)
        const fitted = fitPlatt(p.map(logOdds), labels)
        expect(nll(after(fitted, p), targets)).toBeLessThanOrEqual(nll(p, targets) + 1e-6)
      }),
    )
  })

  it('rise, and stay probabilities', () => {
    const ascending = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 20 })
    fc.assert(
      fc.property(sample, ascending, (pairs, asked) => {
        const [p, labels] = split(pairs)
        for (const fitted of [fitBeta(p, labels), fitIsotonic(p, labels)]) {
          const values = after(
            fitted,
            asked.toSorted((a, b) => a - b),
          )
          values.forEach((value, i) => {
            expect(value).toBeGreaterThanOrEqual((values[i - 1] ?? 0) - 1e-12)
            expect(value).toBeLessThanOrEqual(1)
          })
        }
      }),
    )
  })

  it('beta is the identity at a = b = 1, c = 0', () => {
    for (const p of [0.01, 0.3, 0.99])
      expect(applyToProbability({ kind: 'beta', a: 1, b: 1, c: 0 }, p)).toBeCloseTo(p, 14)
  })

  it('Platt stays finite where a score tells the classes apart, or tells nothing', () => {
    const apart = fitPlatt([-1, -1, 1, 1], [0, 0, 1, 1])
    expect(applyToProbability(apart, 0.73)).toBeLessThan(1)
    const { a, b } = fitPlatt([0, 0, 0, 0], [0, 1, 1, 0])
    expect([a, b].every(Number.isFinite)).toBe(true)
    expect(1 / (1 + Math.exp(-b))).toBeCloseTo(0.5, 12)
  })
})

describe('pooling adjacent violators', () => {
  const values = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 1, maxLength: 50 })

  it('rises, keeps the mean, and changes nothing the second time', () => {
    fc.assert(
      fc.property(values, (y) => {
        const ones = y.map(() => 1)
        const once = poolAdjacentViolators(y, ones)
        once.forEach((value, i) => expect(value).toBeGreaterThanOrEqual(once[i - 1] ?? -Infinity))
        const sum = (all: readonly number[]) => all.reduce((total, value) => total + value, 0)
        expect(sum(once)).toBeCloseTo(sum(y), 9)
        poolAdjacentViolators(once, ones).forEach((value, i) => expect(value).toBeCloseTo(once[i]!, 12))
      }),
    )
  })

  it('makes one point of equal scores, and is level beyond the ends', () => {
    const fitted = fitIsotonic([0.2, 0.2, 0.6, 0.6], [0, 1, 1, 1])
    expect(fitted).toEqual({ kind: 'isotonic', x: [0.2, 0.6], y: [0.5, 1] })
    expect([0, 0.4, 1].map((score) => interpolate(fitted, score))).toEqual([0.5, expect.closeTo(0.75, 12), 1])
  })
})
