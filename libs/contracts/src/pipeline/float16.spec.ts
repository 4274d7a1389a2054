import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { fromFloat16Bytes, toFloat16Bytes } from './float16.js'

const roundTrip = (value: number): number => fromFloat16Bytes(toFloat16Bytes(Float32Array.of(value)))[0] ?? Number.NaN

describe('float16', () => {
  it('keeps every one of the 65,536 halves as it is', () => {
    const bytes = Buffer.alloc(65_536 * 2)
    for (let half = 0; half < 65_536; half++) bytes.writeUInt16LE(half, half * 2)
    const floats = fromFloat16Bytes(bytes)
    const back = fromFloat16Bytes(toFloat16Bytes(floats))
    expect(back).toEqual(floats)
  })

  it('rounds to nearest, ties to even', () => {
    expect(roundTrip(1 + 2 ** -11)).toBe(1)
    expect(roundTrip(1 + 3 * 2 ** -11)).toBe(1 + 2 ** -9)
    expect(roundTrip(65_519)).toBe(65_504)
    expect(roundTrip(65_520)).toBe(Infinity)
    expect(roundTrip(2 ** -25)).toBe(0)
    expect(roundTrip(1.5 * 2 ** -24)).toBe(2 ** -23)
    expect(roundTrip(-1e-9)).toBe(-0)
  })

  it('reads what lies inside a larger buffer', () => {
    const bytes = toFloat16Bytes(Float32Array.of(7, 1, 2))
    expect([...fromFloat16Bytes(bytes.subarray(2))]).toEqual([1, 2])
  })

  it('stays within half a unit in the last place', () => {
    fc.assert(
      fc.property(fc.float({ min: -60_000, max: 60_000, noNaN: true }), (value) => {
        const step = 2 ** (Math.max(Math.floor(Math.log2(Math.abs(value) || 1e-30)), -14) - 10)
        expect(Math.abs(roundTrip(value) - value)).toBeLessThanOrEqual(step / 2)
      }),
    )
  })
})
