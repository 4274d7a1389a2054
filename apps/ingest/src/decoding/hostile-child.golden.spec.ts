import { afterAll, describe, expect, it } from '@jest/globals'
import { identityOf, isRunning } from '@reeltag/testing'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DecoderProcess } from './decoder-process.js'
import { sample } from './decoder.fixture.js'

const limits = { decodeTimeoutMs: 20_000, decoderMemoryBytes: 2 ** 30 }
const plan = { frames: 2, size: 8, pixelsMax: 35_389_440, secondsMax: 3_600, streamsMax: 16 }
const wire = new URL('./wire.js', import.meta.url).href
const tensorBytes = 2 * 8 * 8 * 3
const honest = {
  frames: 2,
  size: 8,
  timesMs: [0, 1],
  durationMs: 2,
  width: 8,
  height: 8,
  packetsDecoded: 2,
  tensorBytes,
}

/** Children that a video has taken over: what they do once they were given it. */
describe('a hostile child', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-hostile-'))
  let programs = 0
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

  const start = (behaviour: string, more: Partial<typeof limits> = {}): DecoderProcess => {
    const program = path.join(folder, `${programs++}.mjs`)
    fs.writeFileSync(
      program,
      `import fs from 'node:fs'
import { spawn } from 'node:child_process'
import { encodeMessage } from ${JSON.stringify(wire)}
const send = (bytes) => new Promise((resolve) => process.stdout.write(bytes, resolve))
const say = (kind, header, body) => send(encodeMessage({ kind, header, body }))
process.stdin.once('data', async () => { ${behaviour} })`,
    )
    return new DecoderProcess({ ...limits, ...more }, program)
  }
  const sampled = (child: DecoderProcess, file = sample) => child.sample(file, plan, new AbortController().signal)

  /** Fails this video for good, and the child is gone. */
  const expectKilled = async (
    child: DecoderProcess,
    detail: string | RegExp,
    { code = 'DECODER_CRASHED', file = sample } = {},
  ) => {
    const process_ = identityOf(child.pid ?? 0)
    await expect(sampled(child, file)).rejects.toMatchObject({
      code,
      retryable: false,
      message: expect.stringMatching(detail),
    })
    expect(child.alive).toBe(false)
    while (isRunning(process_)) await sleep(20)
  }

  it.each([
    ['2 GiB', 0, 2 ** 31],
    ['a byte more than it may', 0, 4 * 2 ** 20 + 1],
    ['nothing', 0, 0],
    ['less than nothing', 0, -1],
    ['what comes before the file', -1, 1],
    ['part of a byte', 0, 1.5],
    ['no number', NaN, NaN],
    ['what no number can say', 2 ** 53, 1],
  ])('is killed for a read of %s', async (_, offset, length) => {
    const header = `{ offset: ${offset}, length: ${length} }`
    await expectKilled(start(`await say('read', ${header})`), /offset|length/)
  })

  it('gets as many bytes as one read may ask for, and those of its video', async () => {
    const bytes = fs.readFileSync(sample)
    const copy = path.join(folder, 'got')
    const child = start(
      `let left = ${bytes.length}
       process.stdin.on('data', (chunk) => {
         fs.appendFileSync(${JSON.stringify(copy)}, chunk)
         if ((left -= chunk.length) < 0) setTimeout(() => process.exit(0), 100)
       })
       await say('read', { offset: 0, length: ${4 * 2 ** 20} })`,
    )
    await expect(sampled(child)).rejects.toMatchObject({ code: 'DECODER_CRASHED' })
    const got = fs.readFileSync(copy)
    expect(got.subarray(got.length - bytes.length).equals(bytes)).toBe(true)
  })

  it('is killed when it asks again before it has its answer', async () => {
    await expectKilled(
      start(`const one = encodeMessage({ kind: 'read', header: { offset: 0, length: 9 } })
             await send(Buffer.concat([one, one]))`),
      'before it had its answer',
    )
  })

  it('is killed when it leaves its answers in the pipe', async () => {
    const file = path.join(folder, 'large')
    fs.writeFileSync(file, '')
    fs.truncateSync(file, 2 ** 23)
    const child = start(
      `process.stdin.pause()
       for (;;) { await say('read', { offset: 0, length: ${2 ** 22} }); await new Promise((on) => setTimeout(on, 500)) }`,
    )
    await expectKilled(child, 'leaves its answers in the pipe', { file })
  })

  it.each([
    ['announces 4 GiB', `await send(Buffer.from([255, 255, 255, 255]))`, 'a message of 4294967295 bytes'],
    ['announces 256 MiB', `await send(Buffer.from([0, 0, 0, 16]))`, 'a message of 268435456 bytes'],
    ['writes without end', `for (;;) await send(Buffer.alloc(65536, 65))`, 'a message of'],
    ['writes zeros', `for (;;) await send(Buffer.alloc(65536))`, 'outside buffer bounds'],
    ['says what is no message', `await send(Buffer.from([5, 0, 0, 0, 99, 0, 0, 0, 0]))`, 'no known kind'],
    ['says what is no JSON', `await send(Buffer.from([6, 0, 0, 0, 2, 1, 0, 0, 0, 123]))`, 'JSON'],
    ['speaks as its parent', `await say('bytes', null, Buffer.alloc(9))`, 'which its parent sends'],
    ['ends', `process.exit(0)`, 'it ended with 0'],
  ])('fails its video when it %s', async (_, behaviour, detail) => {
    await expectKilled(start(behaviour), detail)
  })

  it('is killed when it says nothing', async () => {
    await expectKilled(start('', { decodeTimeoutMs: 1_000 }), 'not done after 1000 ms', { code: 'DECODE_TIMEOUT' })
  })

  const frames = (header: object, bytes = tensorBytes + 1): string =>
    `await say('frames', ${JSON.stringify(header)}, Buffer.alloc(${bytes}, 7))`
  it('is believed where it could be honest', async () => {
    const child = start(frames(honest))
    expect(await sampled(child)).toMatchObject({ ...honest, strip: Buffer.of(7) })
    expect(child.alive).toBe(true)
    child.close()
  })

  it.each([
    ['more frames than were asked for', { ...honest, frames: 3, timesMs: [0, 1, 2], tensorBytes: 3 * 192 }, 4 * 192],
    ['frames of another size', { ...honest, size: 16, tensorBytes: 2 * 768 }, 2 * 769],
    ['a tensor that is not there', honest, tensorBytes],
    ['a tensor of another length', { ...honest, tensorBytes: 1 }, tensorBytes],
    ['moments of other frames', { ...honest, timesMs: [0] }, tensorBytes + 1],
    ['no picture', { ...honest, width: 0 }, tensorBytes + 1],
    ['no frames', { ...honest, frames: 0, timesMs: [], tensorBytes: 0 }, 1],
  ])('is killed for %s', async (_, header, bytes) => {
    await expectKilled(start(frames(header, bytes)), /./)
  })

  it('is killed for a code that is not its own, and heard in short for one that is', async () => {
    await expectKilled(start(`await say('refused', { code: 'OVERLOADED', detail: '' })`), 'code')
    const child = start(`await say('refused', { code: 'MEDIA_TOO_LONG', detail: 'x'.repeat(100_000) })`)
    await expect(sampled(child)).rejects.toMatchObject({ code: 'MEDIA_TOO_LONG', message: 'x'.repeat(1_000) })
    child.close()
  })

  it('is not heard once it is unasked', async () => {
    const child = start(
      `${frames(honest)}; setTimeout(() => say('refused', { code: 'MEDIA_TOO_LONG', detail: '' }), 200)`,
    )
    await sampled(child)
    while (child.alive) await sleep(20)
    await expect(sampled(child)).rejects.toMatchObject({ code: 'DECODER_CRASHED' })
  })

  it('has nothing of the platform but a pipe each way', async () => {
    const report = path.join(folder, 'report.json')
    process.env['REELTAG_SECRET_OF_TEST'] = 'secret'
    const file = fs.openSync(sample, 'r')
    const child = start(
      `const links = fs.readdirSync('/proc/self/fd').map((fd) => { try { return fs.readlinkSync('/proc/self/fd/' + fd) } catch { return '' } })
       fs.writeFileSync(${JSON.stringify(report)}, JSON.stringify({ env: process.env, cwd: process.cwd(), links }))
       process.exit(0)`,
    )
    await expect(sampled(child)).rejects.toMatchObject({ code: 'DECODER_CRASHED' })
    fs.closeSync(file)
    delete process.env['REELTAG_SECRET_OF_TEST']
    const { env, cwd, links } = JSON.parse(fs.readFileSync(report, 'utf8')) as {
      env: object
      cwd: string
      links: string[]
    }
    expect([env, cwd]).toEqual([{}, '/'])
    expect(links.filter((link) => link.startsWith('/') && !/^\/(dev|proc)\//.test(link))).toEqual([])
  })

  it('inherits no file that a library of the platform holds open', async () => {
    const report = path.join(folder, 'inherited.json')
    const hostile = path.join(folder, 'inheriting.mjs')
    fs.writeFileSync(
      hostile,
      `import fs from 'node:fs'
const links = fs.readdirSync('/proc/self/fd').map((fd) => { try { return fs.readlinkSync('/proc/self/fd/' + fd) } catch { return '' } })
process.stdin.once('data', () => { fs.writeFileSync(${JSON.stringify(report)}, JSON.stringify(links)); process.exit(0) })`,
    )
    const platform = `import { DecoderProcess } from ${JSON.stringify(new URL('./decoder-process.js', import.meta.url).href)}
const child = new DecoderProcess(${JSON.stringify(limits)}, ${JSON.stringify(hostile)})
await child.sample(${JSON.stringify(sample)}, ${JSON.stringify(plan)}, new AbortController().signal).catch(() => undefined)`
    // Node asks for its own files to be closed in children, and for the first few that it was given; not for this one.
    const file = fs.openSync(sample, 'r')
    const others = Array.from({ length: 37 }, () => 'ignore' as const)
    spawnSync(process.execPath, ['--input-type=module', '-e', platform], {
      stdio: ['ignore', 'inherit', 'inherit', ...others, file],
    })
    fs.closeSync(file)
    const links = JSON.parse(fs.readFileSync(report, 'utf8')) as string[]
    expect(links.filter((link) => link.startsWith('/') && !/^\/(dev|proc)\//.test(link))).toEqual([])
  })

  it('leaves nobody behind who writes into its pipe', async () => {
    const heir = path.join(folder, 'heir')
    const child = start(
      // It says who it is before it writes: its parent is killed for the first bytes.
      `spawn('sh', ['-c', 'echo $$ > "$0"; exec yes', ${JSON.stringify(heir)}], { detached: true, stdio: ['ignore', 'inherit', 'ignore'] })`,
    )
    await expectKilled(child, 'a message of')
    const writer = identityOf(Number(fs.readFileSync(heir, 'utf8')))
    try {
      for (let waited = 0; isRunning(writer) && waited < 5_000; waited += 50) await sleep(50)
      expect(isRunning(writer)).toBe(false)
    } finally {
      if (isRunning(writer)) process.kill(writer.pid, 'SIGKILL')
    }
  })
})
