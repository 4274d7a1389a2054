import { describe, expect, it } from '@jest/globals'
import { orient, readOrientation, swapsSides, upright } from './orientation.js'

const matrix = (a: number, b: number, c: number, d: number): Buffer => {
  const bytes = Buffer.alloc(36)
  for (const [value, offset] of [
    [a, 0],
    [b, 4],
    [c, 12],
    [d, 16],
  ] as const)
    bytes.writeInt32LE(value * 65_536, offset)
  return bytes
}
/** Two by one: red, green. */
const picture = Buffer.from([255, 0, 0, 0, 255, 0])
const redFirst = (rgb: Buffer): boolean => rgb[0] === 255

describe('orientation', () => {
  it('turns a quarter clockwise: left goes up, right goes down', () => {
    const quarter = readOrientation(matrix(0, 1, -1, 0))
    expect(swapsSides(quarter)).toBe(true)
    expect(redFirst(orient(picture, 2, 1, quarter))).toBe(true)
  })

  it('turns a quarter counter-clockwise: left goes down', () => {
    expect(redFirst(orient(picture, 2, 1, readOrientation(matrix(0, -1, 1, 0))))).toBe(false)
  })

  it('mirrors and turns round', () => {
    expect(redFirst(orient(picture, 2, 1, readOrientation(matrix(-1, 0, 0, 1))))).toBe(false)
    expect(redFirst(orient(picture, 2, 1, readOrientation(matrix(-1, 0, 0, -1))))).toBe(false)
  })

  it('leaves a picture alone whose matrix is missing, short, or nonsense', () => {
    for (const bytes of [null, Buffer.alloc(4), Buffer.alloc(36), matrix(1, 1, 1, 1)])
      expect(readOrientation(bytes)).toEqual(upright)
  })
})
