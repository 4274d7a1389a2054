import { describe, expect, it } from '@jest/globals'
import { fromScores, toScores } from './kept-scores.js'

const kept = (...logits: number[]): number[] => [
  ...(fromScores(toScores(['subject'], { subject: Float32Array.from(logits) }))['subject'] ?? []),
]

describe('kept scores', () => {
  it('are the logits rounded to float16, and rounding them again changes nothing', () => {
    const once = kept(1.0001, -7.123_456, 0)
    expect(once).toEqual([1, -7.125, 0])
    expect(kept(...once)).toEqual(once)
  })

  it('hold a finite logit at the largest float16, and leave alone what is not finite', () => {
    expect(kept(1e6, -3e38, 65_520, Infinity, -Infinity, NaN)).toEqual([
      65_504,
      -65_504,
      65_504,
      Infinity,
      -Infinity,
      NaN,
    ])
  })

  it('have the facets of the pack, in its order, and no name from a prototype', () => {
    const logits = { other: Float32Array.of(1), b: Float32Array.of(2), a: Float32Array.of(3) }
    expect(toScores(['a', 'b', 'toString', 'missing'], logits).facets).toEqual(['a', 'b'])
  })
})
