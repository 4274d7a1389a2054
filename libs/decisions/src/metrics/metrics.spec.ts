import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { hierarchicalF1, macroF1 } from './f1.js'
import { classwiseCalibrationError, expectedCalibrationError, reliabilityBins } from './reliability.js'
import { aurc, coverageAt, riskCoverage } from './risk-coverage.js'
import { splitByHash } from './split.js'
import { single } from '../animals.fixture.js'

const pairs = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 1)), {
  minLength: 1,
  maxLength: 400,
})
const of = (samples: readonly (readonly [number, number])[]) =>
  [samples.map(([p]) => p), samples.map(([, y]) => y)] as const

describe('reliability bins', () => {
  it('hold every sample once, at least 50 each where there are as many, and split no equal confidences', () => {
    fc.assert(
      fc.property(pairs, (samples) => {
        const bins = reliabilityBins(...of(samples))
        expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(samples.length)
        for (const { count } of bins) expect(count).toBeGreaterThanOrEqual(Math.min(50, samples.length))
        bins.forEach(({ from, confidence, to }, i) => {
          expect(from).toBeGreaterThan(bins[i - 1]?.to ?? -1)
          expect(confidence).toBeGreaterThanOrEqual(from - 1e-12)
          expect(confidence).toBeLessThanOrEqual(to + 1e-12)
        })
      }),
    )
  })

  it('show what was said beside what was true', () => {
    const said = Array.from({ length: 200 }, (_, i) => (i < 100 ? 0.2 : 0.9))
    const wasTrue = said.map((_, i) => Number(i % 100 < (i < 100 ? 30 : 60)))
    const bins = reliabilityBins(said, wasTrue).map(({ count, confidence, frequency }) => [
      count,
      confidence,
      frequency,
    ])
    expect(bins).toEqual([
      [100, expect.closeTo(0.2, 12), 0.3],
      [100, expect.closeTo(0.9, 12), 0.6],
    ])
  })
})

describe('the expected calibration error', () => {
  it('is the gap, weighted by how many fall into a bin', () => {
    expect(expectedCalibrationError([0.2, 0.2, 0.9, 1], [0, 1, 1, 0])).toBeCloseTo((0.6 + 0.1 + 1) / 4, 12)
  })

  it('is 0 where confidence is truth, and counts each class alike', () => {
    expect(expectedCalibrationError([0, 1, 1], [0, 1, 1])).toBe(0)
    const perfect = { confidences: new Float64Array(99), outcomes: new Float64Array(99) }
    const wrong = { confidences: [1], outcomes: [0] }
    expect(classwiseCalibrationError([perfect, wrong])).toBe(0.5)
  })
})

describe('risk by coverage', () => {
  it('publishes the surest first, and equals together', () => {
    const curve = riskCoverage([0.5, 0.9, 0.7, 0.7], [1, 0, 0, 1])
    expect(curve).toEqual([
      { threshold: 0.9, coverage: 0.25, risk: 0 },
      { threshold: 0.7, coverage: 0.75, risk: expect.closeTo(1 / 3, 12) },
      { threshold: 0.5, coverage: 1, risk: 0.5 },
    ])
    expect([0, 0.4, 1].map((riskMax) => coverageAt(curve, riskMax))).toEqual([0.25, 0.75, 1])
    expect(coverageAt(riskCoverage([0.5], [1]), 0.1)).toBe(0)
  })

  it('has the mean of its risks as its area', () => {
    expect(aurc([0.9, 0.8, 0.7], [0, 1, 0])).toBeCloseTo((0 + 1 / 2 + 1 / 3) / 3, 12)
  })

  it('has the area of all risks alike where all confidences are', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1), { minLength: 1, maxLength: 50 }), (errors) => {
        const risk = errors.reduce((sum, error) => sum + error, 0) / errors.length
        expect(
          aurc(
            errors.map(() => 0.5),
            errors,
          ),
        ).toBeCloseTo(risk, 12)
      }),
    )
  })
})

describe('F1', () => {
  it('counts each class alike, and one that is only predicted as never right', () => {
    expect(macroF1([0, 0, 0, 1], [0, 0, 0, 2])).toBeCloseTo(1 / 3, 12)
    expect(macroF1([], [])).toBe(0)
  })

  it('gives a sibling of the right leaf what they share', () => {
    const node = (id: string) => [single.ids.indexOf(id)]
    expect(hierarchicalF1(single, [node('cat')], [node('cat')])).toBe(1)
    expect(hierarchicalF1(single, [node('cat')], [node('dog')])).toBeCloseTo(2 / 3, 12)
    expect(hierarchicalF1(single, [node('cat')], [node('pets')])).toBeCloseTo(4 / 5, 12)
    expect(hierarchicalF1(single, [node('cat')], [[]])).toBe(0)
    expect(hierarchicalF1(single, [node('cat')], [node('pear')])).toBe(0)
  })
})

describe('a split by hash', () => {
  it('keeps a content on its side, whatever else there is, and about the share that was asked', () => {
    const rows = Array.from({ length: 4_000 }, (_, i) => ({ contentHash: `${i}`, i }))
    const { fit, heldOut } = splitByHash(rows, 0.25)
    expect(fit.length + heldOut.length).toBe(4_000)
    expect(heldOut.length / 4_000).toBeCloseTo(0.25, 1)
    expect(splitByHash(rows.toReversed().slice(0, 2_000), 0.25).heldOut).toEqual(
      heldOut.filter(({ i }) => i >= 2_000).reverse(),
    )
    expect([splitByHash(rows, 0).heldOut, splitByHash(rows, 1).fit]).toEqual([[], []])
  })
})
