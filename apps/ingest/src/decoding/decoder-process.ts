import { ReeltagError } from '@reeltag/contracts'
import { spawn, type ChildProcessByStdio, type StdioOptions } from 'node:child_process'
import fs from 'node:fs/promises'
import type { Readable, Writable } from 'node:stream'
import { withBareStdio } from './bare-stdio.js'
import { answerBytesMax, framesOf, readOf, refusedOf, type Plan, type Read } from './child-messages.js'
import type { SampledFrames } from './decoder.js'
import { encodeMessage, MessageReader, readBytesMax, type Message } from './wire.js'

export interface DecoderLimits {
  /** A video may take this long before its child is killed. */
  readonly decodeTimeoutMs: number
  /** A child that grows beyond this is killed. */
  readonly decoderMemoryBytes: number
}

interface Job {
  readonly plan: Plan
  readonly file: fs.FileHandle
  readonly resolve: (frames: SampledFrames) => void
  readonly reject: (error: ReeltagError) => void
  /** Bytes that the child has asked for are being read. */
  reading: boolean
}

const memoryCheckMs = 100
const pageBytes = 4_096
const calledOff = 'the work was called off'

/** One decoder child and its current video. Any failure ends the child and fails only that video. */
export class DecoderProcess {
  private readonly child: ChildProcessByStdio<Writable, Readable, null>
  private job: Job | undefined
  private ended: ReeltagError | undefined
  served = 0

  constructor(
    private readonly limits: DecoderLimits,
    program: string,
  ) {
    const heapMiB = 256
    const args = [`--max-old-space-size=${heapMiB}`, program]
    this.child = withBareStdio((others) => {
      const stdio: StdioOptions = ['pipe', 'pipe', 'ignore', ...others]
      return spawn(process.execPath, args, { env: {}, cwd: '/', stdio }) as ChildProcessByStdio<
        Writable,
        Readable,
        null
      >
    })
    const reader = new MessageReader(
      (message) => this.take(message),
      () => (this.job === undefined ? 0 : answerBytesMax(this.job.plan)),
    )
    this.child.stdout.on('data', (chunk: Buffer) => this.guard(() => reader.push(chunk)))
    // Writing to a child that died is reported by its exit.
    this.child.stdin.on('error', () => undefined)
    this.child.on('error', (error) => this.end(new ReeltagError('DECODER_CRASHED', error.message)))
    this.child.on('exit', (code, signal) =>
      this.end(new ReeltagError('DECODER_CRASHED', `it ended with ${signal ?? String(code)}`)),
    )
  }

  get alive(): boolean {
    return this.ended === undefined
  }

  get pid(): number | undefined {
    return this.child.pid
  }

  /** @throws MEDIA_…, DECODE_TIMEOUT, DECODE_MEMORY, DECODER_CRASHED */
  async sample(path: string, plan: Plan, signal: AbortSignal): Promise<SampledFrames> {
    if (signal.aborted) throw new ReeltagError('DECODER_CRASHED', calledOff)
    const file = await fs.open(path, 'r')
    const timer = setTimeout(
      () => this.kill('DECODE_TIMEOUT', `not done after ${this.limits.decodeTimeoutMs} ms`),
      this.limits.decodeTimeoutMs,
    )
    const watch = setInterval(() => void this.checkMemory(), memoryCheckMs)
    const onAbort = (): void => this.kill('DECODER_CRASHED', calledOff)
    signal.addEventListener('abort', onAbort)
    try {
      const { size: bytes } = await file.stat()
      if (bytes === 0) throw new ReeltagError('MEDIA_EMPTY', 'the file has no bytes')
      return await new Promise<SampledFrames>((resolve, reject) => {
        this.job = { plan, file, resolve, reject, reading: false }
        if (this.ended === undefined) this.say({ kind: 'plan', header: { ...plan, bytes } })
        else reject(this.ended)
      })
    } finally {
      this.job = undefined
      this.served++
      clearTimeout(timer)
      clearInterval(watch)
      signal.removeEventListener('abort', onAbort)
      await file.close()
    }
  }

  /** Releases the child, which ends when its input ends. */
  close(): void {
    this.child.stdin.end()
  }

  private say(message: Message): void {
    this.child.stdin.write(encodeMessage(message))
  }

  /**
   * Throws to `guard` if the child sends what an honest one would not. An unhandled rejection would end the platform.
   */
  private take({ kind, header, body }: Message): void {
    const { job } = this
    if (job === undefined) throw new RangeError('it spoke unasked')
    if (kind === 'read') this.startReading(job, readOf(header))
    else if (kind === 'frames') job.resolve(framesOf(header, body, job.plan))
    else if (kind === 'refused') {
      const { code, detail } = refusedOf(header)
      job.reject(new ReeltagError(code, detail))
    } else throw new RangeError(`it sent ${kind}, which its parent sends`)
  }

  /** An honest child waits for each answer. Otherwise its unread answers would pile up here. */
  private startReading(job: Job, read: Read): void {
    if (job.reading) throw new RangeError('it asked for more before it had its answer')
    if (this.child.stdin.writableLength > 2 * readBytesMax) throw new RangeError('it leaves its answers in the pipe')
    job.reading = true
    void this.answer(job, read)
  }

  private async answer(job: Job, { offset, length }: Read): Promise<void> {
    try {
      const { buffer, bytesRead } = await job.file.read(Buffer.allocUnsafe(length), 0, length, offset)
      job.reading = false
      this.say({ kind: 'bytes', header: null, body: buffer.subarray(0, bytesRead) })
    } catch (error) {
      this.kill('BLOB_MISSING', error instanceof Error ? error.message : String(error))
    }
  }

  private async checkMemory(): Promise<void> {
    // Resident pages are the second number; where there is no /proc, the heap limit and the wall clock remain.
    const statm = await fs.readFile(`/proc/${this.child.pid ?? 0}/statm`, 'utf8').catch(() => '')
    const bytes = Number(statm.split(' ')[1] ?? 0) * pageBytes
    if (bytes > this.limits.decoderMemoryBytes) this.kill('DECODE_MEMORY', `the decoder grew to ${bytes} bytes`)
  }

  private guard(work: () => void): void {
    try {
      work()
    } catch (error) {
      this.kill('DECODER_CRASHED', error instanceof Error ? error.message : String(error))
    }
  }

  private kill(code: 'DECODE_TIMEOUT' | 'DECODE_MEMORY' | 'DECODER_CRASHED' | 'BLOB_MISSING', detail: string): void {
    this.end(new ReeltagError(code, detail))
    this.child.kill('SIGKILL')
  }

  private end(error: ReeltagError): void {
    this.ended ??= error
    // Whatever the child has started may hold the pipe open, and write on.
    this.child.stdout.destroy()
    this.job?.reject(this.ended)
  }
}
