import { afterAll, describe, expect, it } from '@jest/globals'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { DecoderPool } from './decoder-pool.js'
import { fixture, limits, sample } from './decoder.fixture.js'

const plan = { frames: 4, size: 96 }
const { signal } = new AbortController()

/** The quarter of the drawn clips that a pixel lies in. */
const colourOf = ([red = 0, green = 0, blue = 0]: number[]): string => {
  const bright = [red > 128, green > 128, blue > 128].map(Number).join('')
  return { '100': 'red', '010': 'green', '001': 'blue', '111': 'white' }[bright] ?? bright
}

describe('DecoderPool', () => {
  const pool = new DecoderPool({ ...limits, decoders: 2 })
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-decode-'))
  const write = (name: string, bytes: string | Uint8Array): string => {
    const file = path.join(folder, name)
    fs.writeFileSync(file, bytes)
    return file
  }
  afterAll(() => {
    pool.close()
    fs.rmSync(folder, { recursive: true, force: true })
  })

  it('takes four distinct frames, spread over the clip', async () => {
    const sampled = await pool.sample(sample, plan, signal)
    expect(sampled.frames).toBe(4)
    expect(sampled.tensor).toHaveLength(4 * 96 * 96 * 3)
    expect(new Set(sampled.timesMs).size).toBe(4)
    expect([...sampled.timesMs]).toEqual([...sampled.timesMs].sort((a, b) => a - b))
    expect(Math.max(...sampled.timesMs)).toBeGreaterThan(sampled.durationMs / 2)
    expect(sampled.strip.subarray(8, 12).toString()).toBe('WEBP')
  })

  it('names the codec of the picture', async () => {
    const codecs = await Promise.all(
      [sample, fixture('mpeg4-mp3.avi')].map(async (file) => (await pool.sample(file, plan, signal)).codec),
    )
    expect(codecs).toEqual(['h264', 'mpeg4'])
  })

  it('decodes keyframes alone where there are enough of them', async () => {
    const { timesMs, packetsDecoded } = await pool.sample(sample, plan, signal)
    expect([...timesMs]).toEqual([0, 2_000, 6_000, 8_000])
    expect(packetsDecoded).toBe(4)
  })

  // The clip has 240 packets and a keyframe every two seconds: up to four frames of sixteen share one, thirteen of 64.
  it('spreads frames that share a keyframe evenly, and decodes no packet twice', async () => {
    const sixteen = await pool.sample(sample, { ...plan, frames: 16 }, signal)
    const gaps = sixteen.timesMs.slice(1).map((ms, index) => ms - (sixteen.timesMs[index] ?? 0))
    expect([sixteen.frames, Math.min(...gaps) >= 500, Math.max(...gaps) <= 667]).toEqual([16, true, true])
    expect(sixteen.packetsDecoded).toBeLessThan(200)
    const nearlyAll = await pool.sample(sample, { ...plan, frames: 64 }, signal)
    expect([nearlyAll.frames, nearlyAll.packetsDecoded]).toEqual([64, 240])
  })

  it('gives the same bytes for the same video', async () => {
    const [first, second] = await Promise.all([pool.sample(sample, plan, signal), pool.sample(sample, plan, signal)])
    expect(first.tensor.equals(second.tensor)).toBe(true)
  })

  it.each([
    ['zero bytes', '', 'MEDIA_EMPTY'],
    ['text renamed to .mp4', 'this is no video\n'.repeat(500), 'MEDIA_UNRECOGNISED'],
    [
      'a still picture',
      Buffer.from('R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=', 'base64'),
      'MEDIA_UNRECOGNISED',
    ],
  ])('refuses %s', async (name, bytes, code) => {
    await expect(pool.sample(write(`${name}.mp4`, bytes), plan, signal)).rejects.toMatchObject({
      code,
      retryable: false,
    })
  })

  it('ends a truncated file with a code or with the frames that are there, at every length', async () => {
    const whole = fs.readFileSync(sample)
    for (const share of [0.001, 0.1, 0.5, 0.9, 0.999]) {
      const file = write(`truncated-${share}.mp4`, whole.subarray(0, Math.floor(whole.length * share)))
      const outcome = await pool.sample(file, plan, signal).then(
        ({ frames }) => frames,
        (error: { code: string }) => error.code,
      )
      expect(typeof outcome === 'number' ? outcome > 0 : outcome.startsWith('MEDIA_')).toBe(true)
    }
  })

  it('samples what is very short or very small, with as many frames as there are', async () => {
    for (const [name, frames] of [
      ['short.mp4', 3],
      ['one-frame.mp4', 1],
      ['one-pixel.mkv', 4],
      ['one-keyframe.mp4', 4],
    ] as const) {
      const sampled = await pool.sample(fixture(name), plan, signal)
      expect([name, sampled.frames, new Set(sampled.timesMs).size]).toEqual([name, frames, frames])
      expect(sampled.tensor).toHaveLength(frames * 96 * 96 * 3)
    }
  })

  it('fails only the video of a child that is killed, and serves the next', async () => {
    const lone = new DecoderPool(limits)
    await lone.sample(sample, plan, signal)
    const doomed = lone.sample(sample, plan, signal)
    for (const pid of lone.pids) process.kill(pid, 'SIGKILL')
    await expect(doomed).rejects.toMatchObject({ code: 'DECODER_CRASHED', retryable: false })
    expect((await lone.sample(sample, plan, signal)).frames).toBe(4)
    lone.close()
  })

  it('kills a child that hangs or grows, and serves the next', async () => {
    const lone = new DecoderPool({ ...limits, decodeTimeoutMs: 8_000 })
    await lone.sample(sample, plan, signal)
    for (const pid of lone.pids) process.kill(pid, 'SIGSTOP')
    await expect(lone.sample(sample, plan, signal)).rejects.toMatchObject({ code: 'DECODE_TIMEOUT' })
    expect((await lone.sample(sample, plan, signal)).frames).toBe(4)
    lone.close()
    const small = new DecoderPool({ ...limits, decoderMemoryBytes: 1_000_000 })
    await expect(small.sample(sample, plan, signal)).rejects.toMatchObject({ code: 'DECODE_MEMORY' })
    small.close()
  })

  // Coded lying on its side: red, green over blue, white. A phone says how far it must be turned to stand upright.
  it.each([
    ['rotated-90.mov', ['blue', 'red', 'white', 'green']],
    ['rotated-270.mov', ['green', 'white', 'red', 'blue']],
  ])('turns the phone video %s upright and swaps its sides', async (name, quarters) => {
    const { width, height, tensor } = await pool.sample(fixture(name), plan, signal)
    expect([width, height]).toEqual([72, 128])
    const at = (x: number, y: number): string => colourOf([...tensor.subarray((y * 96 + x) * 3, (y * 96 + x) * 3 + 3)])
    expect([at(8, 8), at(88, 8), at(8, 88), at(88, 88)]).toEqual(quarters)
  })

  it('reads AVI, Matroska, damaged and disordered files', async () => {
    for (const name of ['mpeg4-mp3.avi', 'h264-opus.mkv', 'damaged.mp4', 'unordered.mov']) {
      const { frames, timesMs } = await pool.sample(fixture(name), plan, signal)
      expect([name, frames, new Set(timesMs).size]).toEqual([name, 4, 4])
    }
  })

  it('says which share of what it decoded was damaged', async () => {
    const whole = await Promise.all(
      ['two-keyframes.mp4', 'mpeg4-mp3.avi'].map((name) =>
        pool.sample(fixture(name), { frames: 16, size: 32 }, signal),
      ),
    )
    expect(whole.map(({ damaged }) => damaged)).toEqual([0, 0])
    const { damaged } = await pool.sample(fixture('damaged.mp4'), { frames: 16, size: 32 }, signal)
    expect(damaged).toBeGreaterThan(0)
    expect(damaged).toBeLessThanOrEqual(1)
  })

  it('decodes exactly where a long clip has too few keyframes', async () => {
    const { timesMs } = await pool.sample(fixture('two-keyframes.mp4'), { frames: 16, size: 32 }, signal)
    expect(new Set(timesMs).size).toBe(16)
    const gaps = timesMs.slice(1).map((ms, index) => ms - (timesMs[index] ?? 0))
    expect([Math.min(...gaps) >= 1_500, Math.max(...gaps) <= 2_100]).toEqual([true, true])
  })
})
