import { afterAll, describe, expect, it } from '@jest/globals'
import sharp from 'sharp'
import { DecoderPool } from '../decoder-pool.js'
import { fixture, limits, sample } from '../decoder.fixture.js'

/** RGB of one frame of a golden strip. */
const golden = (side: number, index: number): Promise<Buffer> =>
  sharp(fixture(`golden-${side}.png`))
    .extract({ left: index * side, top: 0, width: side, height: side })
    .removeAlpha()
    .raw()
    .toBuffer()

describe('frames for the encoders', () => {
  const pool = new DecoderPool(limits)
  afterAll(() => pool.close())

  it.each([
    { side: 96, frames: 4 },
    { side: 224, frames: 1 },
  ])('are Pillow’s bicubic squash to within 0.15 grey levels at $side pixels', async ({ side, frames }) => {
    const plan = { frames: 4, size: side }
    const { tensor } = await pool.sample(sample, plan, new AbortController().signal)
    const bytes = side * side * 3
    for (let index = 0; index < frames; index++) {
      const expected = await golden(side, index)
      const found = tensor.subarray(index * bytes, (index + 1) * bytes)
      const errors = found.map((value, at) => Math.abs(value - (expected[at] ?? 0)))
      expect(errors.reduce((sum, error) => sum + error, 0) / bytes).toBeLessThanOrEqual(0.15)
      expect(errors.reduce((most, error) => Math.max(most, error), 0)).toBeLessThanOrEqual(8)
    }
  })
})
