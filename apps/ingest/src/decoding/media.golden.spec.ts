import { afterAll, describe, expect, it } from '@jest/globals'
import { identityOf, isRunning } from '@reeltag/testing'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import sharp from 'sharp'
import { avi, type Avi } from './avi.fixture.js'
import { DecoderPool } from './decoder-pool.js'
import { fixture, limits, sample } from './decoder.fixture.js'

const plan = { frames: 4, size: 16 }
const { signal } = new AbortController()
const colours: Avi['colours'] = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
  [255, 255, 0],
]
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-media-'))
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))
const write = (name: string, bytes: string | Uint8Array): string => {
  const file = path.join(folder, name)
  fs.writeFileSync(file, bytes)
  return file
}

/** With one decoder of its own, under these limits. */
const sampled = async (file: string, strict: Partial<typeof limits> = {}, wanted = plan) => {
  const pool = new DecoderPool({ ...limits, ...strict })
  try {
    return await pool.sample(file, wanted, signal)
  } finally {
    pool.close()
  }
}
const refused = (code: string) => ({ code, retryable: false })

describe('media that names other files', () => {
  const sentinel = path.join(folder, 'sentinel.mp4')
  fs.copyFileSync(sample, sentinel)
  // A child works in the root folder: this is how a playlist would name the file without a scheme, and without a slash.
  const relative = path.relative('/', sentinel)
  const dash = (name: string) => `<?xml version="1.0"?>
<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-main:2011" type="static" mediaPresentationDuration="PT10S" minBufferTime="PT1S">
 <Period duration="PT10S"><AdaptationSet mimeType="video/mp4" contentType="video"><Representation id="1" bandwidth="1000" width="360" height="640" codecs="avc1.64001e"><BaseURL>${name}</BaseURL></Representation></AdaptationSet></Period>
</MPD>`
  const hls = (name: string) => `#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n${name}\n#EXT-X-ENDLIST\n`

  it('has a file that would be sampled if it could be named', async () => {
    expect((await sampled(sentinel)).frames).toBe(4)
  })

  it.each([
    ['ffconcat, relative', `ffconcat version 1.0\nfile '${relative}'\n`],
    ['ffconcat, absolute', `ffconcat version 1.0\nfile '${sentinel}'\n`],
    ['ffconcat, by scheme', `ffconcat version 1.0\nfile 'file:${sentinel}'\n`],
    ['DASH, relative', dash(relative)],
    ['DASH, absolute', dash(sentinel)],
    ['DASH, by scheme', dash(`file:${sentinel}`)],
    ['HLS, relative', hls(relative)],
    ['HLS, by scheme', hls(`file:${sentinel}`)],
  ])('is refused: %s', async (name, text) => {
    await expect(sampled(write(`${name}.mp4`, text))).rejects.toMatchObject(refused('MEDIA_UNRECOGNISED'))
  })
})

describe('limits of media', () => {
  const tiny = (more: Partial<Avi> = {}) => avi({ colours, width: 8, height: 4, ...more })

  it('are the number of streams', async () => {
    expect((await sampled(write('16.avi', tiny({ streams: 16 })))).frames).toBe(4)
    await expect(sampled(write('17.avi', tiny({ streams: 17 })))).rejects.toMatchObject(
      refused('MEDIA_TOO_MANY_STREAMS'),
    )
  })

  it('are the pixels of a picture', async () => {
    const file = write('pixels.avi', tiny())
    expect(await sampled(file, { pixelsMax: 32 })).toMatchObject({ frames: 4, width: 8, height: 4 })
    await expect(sampled(file, { pixelsMax: 31 })).rejects.toMatchObject(refused('MEDIA_TOO_MANY_PIXELS'))
  })

  it('are the seconds of a video', async () => {
    const file = write('seconds.avi', tiny())
    expect(await sampled(file, { secondsMax: 4 })).toMatchObject({ frames: 4, durationMs: 4_000 })
    await expect(sampled(file, { secondsMax: 3 })).rejects.toMatchObject(refused('MEDIA_TOO_LONG'))
  })

  // FFmpeg asks for a packet at once: eight megabytes here, more than a child gets in one read.
  it('are not the bytes of a packet', async () => {
    const file = write('large.avi', avi({ colours: colours.slice(0, 1), width: 1_920, height: 1_440 }))
    expect((await sampled(file)).frames).toBe(1)
  })
})

describe('pictures that are no video', () => {
  it('are sound alone, and the cover of a song', async () => {
    for (const name of ['audio-only.mp4', 'song-with-cover.m4a'])
      await expect(sampled(fixture(name))).rejects.toMatchObject(refused('MEDIA_NO_VIDEO_STREAM'))
  })

  it('do not stand for the video beside them', async () => {
    const { tensor, ...found } = await sampled(fixture('video-with-cover.mp4'))
    expect(found).toMatchObject({ frames: 4, width: 64, height: 64 })
    // The cover is red, the video grey.
    expect(Math.abs((tensor[0] ?? 0) - (tensor[1] ?? 0))).toBeLessThan(10)
  })
})

describe('what is seen', () => {
  it('keeps its colours and its order, in the tensor and in the strip', async () => {
    const { tensor, strip } = await sampled(write('colours.avi', avi({ colours, width: 32, height: 32 })))
    const bytes = 16 * 16 * 3
    const first = colours.map((_, frame) => [...tensor.subarray(frame * bytes, frame * bytes + 3)])
    expect(first).toEqual(colours)
    const shown = sharp(strip)
    expect(await shown.metadata()).toMatchObject({ width: 4 * 180, height: 180 })
    for (const [frame, colour] of colours.entries()) {
      const pixel = await shown
        .clone()
        .extract({ left: frame * 180 + 90, top: 90, width: 1, height: 1 })
        .raw()
        .toBuffer()
      for (const [channel, value] of colour.entries()) expect(Math.abs((pixel[channel] ?? 0) - value)).toBeLessThan(30)
    }
  })

  /** The display matrix of the first track, of a clip that has none. */
  const turned = (a: number, b: number, c: number, d: number): Buffer => {
    const bytes = fs.readFileSync(fixture('one-frame.mp4'))
    // After the name: version and flags, times and ids (20), 8 reserved, layer to volume (8).
    const matrix = bytes.indexOf('tkhd') + 4 + 4 + 20 + 8 + 8
    for (const [value, offset] of [
      [a, 0],
      [b, 4],
      [c, 12],
      [d, 16],
    ] as const)
      bytes.writeInt32BE(value * 65_536, matrix + offset)
    return bytes
  }
  const squareOf = (strip: Buffer): Promise<Buffer> =>
    sharp(strip).resize(plan.size, plan.size, { fit: 'fill' }).removeAlpha().raw().toBuffer()
  const last = plan.size - 1
  // From where in the stored square a pixel of the shown one comes.
  it.each([
    ['a quarter clockwise', [0, 1, -1, 0], (x: number, y: number) => [y, last - x]],
    ['a quarter counter-clockwise', [0, -1, 1, 0], (x: number, y: number) => [last - y, x]],
    ['half way round', [-1, 0, 0, -1], (x: number, y: number) => [last - x, last - y]],
    ['left to right', [-1, 0, 0, 1], (x: number, y: number) => [last - x, y]],
  ] as const)('is turned upright for the encoder too: %s', async (name, [a, b, c, d], from) => {
    const stored = await sampled(fixture('one-frame.mp4'))
    const shown = await sampled(write(`${name}.mp4`, turned(a, b, c, d)))
    const pixel = (square: Buffer, x = 0, y = 0) => [...square.subarray((y * 16 + x) * 3, (y * 16 + x) * 3 + 3)]
    const differing = [0, 3, 8, 15].flatMap((y) =>
      [0, 3, 8, 15].filter((x) => `${pixel(shown.tensor, x, y)}` !== `${pixel(stored.tensor, ...from(x, y))}`),
    )
    expect(differing).toEqual([])
    expect(shown.tensor.equals(stored.tensor)).toBe(false)
    const sides = [stored.width, stored.height]
    expect([shown.width, shown.height]).toEqual(a === 0 ? sides.toReversed() : sides)
    // The strip for people too, but for what WebP changes.
    const [strip, before] = await Promise.all([shown.strip, stored.strip].map(squareOf))
    const everywhere = Array.from({ length: 16 * 16 }, (_, at) => [at % 16, Math.floor(at / 16)] as const)
    const away = (place: (x: number, y: number) => readonly number[]): number =>
      everywhere.reduce((sum, [x, y]) => {
        const there = pixel(before ?? Buffer.alloc(0), ...place(x, y))
        return (
          sum +
          pixel(strip ?? Buffer.alloc(0), x, y).reduce(
            (all, grey, channel) => all + Math.abs(grey - (there[channel] ?? 0)),
            0,
          )
        )
      }, 0)
    expect(away(from)).toBeLessThan(away((x, y) => [x, y]) / 4)
  })
})

describe('decoder children', () => {
  it('are replaced after 200 videos, and end', async () => {
    const pool = new DecoderPool(limits)
    const [first = 0] = pool.pids
    const child = identityOf(first)
    const file = write('no-video.mp4', 'this is no video')
    const one = () => expect(pool.sample(file, plan, signal)).rejects.toMatchObject(refused('MEDIA_UNRECOGNISED'))
    for (let video = 1; video < 200; video++) await one()
    expect(pool.pids).toEqual([first])
    await one()
    expect(pool.pids).toHaveLength(1)
    expect(pool.pids).not.toContain(first)
    while (isRunning(child)) await new Promise((resolve) => setTimeout(resolve, 20))
    expect((await pool.sample(sample, plan, signal)).frames).toBe(4)
    pool.close()
  })

  it('end when nobody wants their video any more, and one that waits for them is not begun', async () => {
    const pool = new DecoderPool(limits)
    const [first = 0] = pool.pids
    const child = identityOf(first)
    process.kill(first, 'SIGSTOP')
    const [stop, never] = [new AbortController(), new AbortController()]
    const calledOff = { code: 'DECODER_CRASHED', message: 'the work was called off' }
    const stopped = expect(pool.sample(sample, plan, stop.signal)).rejects.toMatchObject(calledOff)
    const waiting = expect(pool.sample(sample, plan, never.signal)).rejects.toMatchObject(calledOff)
    never.abort()
    setTimeout(() => stop.abort(), 100)
    await Promise.all([stopped, waiting])
    while (isRunning(child)) await new Promise((resolve) => setTimeout(resolve, 20))
    const [second = 0] = pool.pids
    expect((await pool.sample(sample, plan, signal)).frames).toBe(4)
    expect(pool.pids).toEqual([second])
    pool.close()
  })
})
