import { describe, expect, it } from '@jest/globals'
import { fitBeta } from './beta.js'
import { fitIsotonic, interpolate } from './isotonic.js'
import { fitPlatt } from './platt.js'
import { fitTemperature } from './temperature.js'
import { fitVector } from './vector.js'
import { macroF1 } from '../metrics/f1.js'
import fs from 'node:fs'
import path from 'node:path'

interface Samples {
  readonly labels: number[]
}
interface Classes {
  readonly logits: number[][]
  readonly truth: number[]
}
/** Made by fixtures/make_golden.py from scikit-learn and scipy. */
const golden = JSON.parse(
  fs.readFileSync(path.resolve(import.meta.dirname, '../../fixtures/calibration.json'), 'utf8'),
) as {
  isotonic: (Samples & { scores: number[]; x: number[]; y: number[]; asked: number[]; predicted: number[] })[]
  platt: (Samples & { scores: number[]; a: number; b: number; sklearn: [number, number] })[]
  beta: (Samples & { probabilities: number[]; a: number; b: number; c: number })[]
  temperature: (Classes & { t: number })[]
  vector: (Classes & { w: number[]; b: number[] })[]
  macroF1: { truth: number[]; predicted: number[]; f1: number }[]
}

const expectWithin = (found: readonly number[], expected: readonly number[], tolerance: number) => {
  expect(found).toHaveLength(expected.length)
  found.forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(tolerance))
}

describe('beside scikit-learn and scipy', () => {
  it.each(golden.isotonic)('isotonic has the same points, with ties, and predicts the same', (sample) => {
    const fitted = fitIsotonic(sample.scores, sample.labels)
    expectWithin(fitted.x, sample.x, 0)
    expectWithin(fitted.y, sample.y, 1e-12)
    expectWithin(
      sample.asked.map((score) => interpolate(fitted, score)),
      sample.predicted,
      1e-9,
    )
  })

  it.each(golden.platt)('Platt is at the minimum of the same objective', ({ scores, labels, a, b, sklearn }) => {
    const fitted = fitPlatt(scores, labels)
    expectWithin([fitted.a, fitted.b], [a, b], 1e-9)
    // scikit-learn stops at a gradient of 1e-6.
    expectWithin([-fitted.a, -fitted.b], sklearn, 1e-7)
  })

  it.each(golden.beta)('beta is at the minimum under a, b ≥ 0', ({ probabilities, labels, a, b, c }) => {
    const fitted = fitBeta(probabilities, labels)
    expectWithin([fitted.a, fitted.b, fitted.c], [a, b, c], 1e-9)
  })

  it.each(golden.temperature)('the temperature is the same', ({ logits, truth, t }) => {
    expectWithin([fitTemperature(logits, truth).t], [t], 1e-9)
  })

  it.each(golden.vector)('vector scaling is the same', ({ logits, truth, w, b }) => {
    const fitted = fitVector(logits, truth)
    expectWithin([...fitted.w, ...fitted.b], [...w, ...b], 1e-9)
  })

  it.each(golden.macroF1)('macro-F1 is the same', ({ truth, predicted, f1 }) => {
    expectWithin([macroF1(truth, predicted)], [f1], 1e-12)
  })
})
