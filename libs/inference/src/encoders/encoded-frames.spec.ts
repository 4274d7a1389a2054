import { describe, expect, it } from '@jest/globals'
import { EncodedFrames } from './encoded-frames.js'

const frame = (value: number): Uint8Array => new Uint8Array(12).fill(value)

describe('EncodedFrames', () => {
  it('knows a frame by its bytes and its owner', () => {
    const frames = new EncodedFrames()
    expect(frames.keyOf('w', frame(1))).toBe(frames.keyOf('w', frame(1)))
    expect(new Set([frames.keyOf('w', frame(1)), frames.keyOf('w', frame(2)), frames.keyOf('v', frame(1))]).size).toBe(
      3,
    )
  })

  it('forgets what was used longest ago, and what failed', async () => {
    const frames = new EncodedFrames(2)
    frames.set('a', Promise.resolve(Float32Array.of(1)))
    frames.set('b', Promise.resolve(Float32Array.of(2)))
    void frames.get('a')
    frames.set('c', Promise.resolve(Float32Array.of(3)))
    expect(['a', 'b', 'c'].map((key) => frames.has(key))).toEqual([true, false, true])
    frames.set('d', Promise.reject(new Error('no')))
    await new Promise(setImmediate)
    expect(frames.has('d')).toBe(false)
  })
})
