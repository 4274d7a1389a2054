import type { FramePlan } from '@reeltag/packs'
import { fileURLToPath } from 'node:url'
import { DecoderProcess, type DecoderLimits } from './decoder-process.js'
import type { Decoder, SampledFrames } from './decoder.js'

export interface DecoderPoolConfig extends DecoderLimits {
  readonly decoders: number
  readonly pixelsMax: number
  readonly secondsMax: number
  readonly streamsMax: number
}

/** A child is replaced after this many videos, so that nothing of a hostile video stays in memory. */
const videosPerChild = 200

/** The program that a pool runs, and what it is called. It speaks the language of `wire.ts`. */
export interface DecoderChild {
  readonly name: string
  readonly program: string
}

const ffmpegChild: DecoderChild = {
  name: 'ffmpeg',
  program: fileURLToPath(new URL('./child/decoder.child.js', import.meta.url)),
}

/** Long-lived decoder children. One that crashed, hung or grew is replaced; only its video fails. */
export class DecoderPool implements Decoder {
  readonly name: string
  private readonly idle: DecoderProcess[] = []
  private readonly waiting: ((decoder: DecoderProcess) => void)[] = []
  private readonly all = new Set<DecoderProcess>()

  constructor(
    private readonly config: DecoderPoolConfig,
    private readonly onReplaced: () => void = () => undefined,
    private readonly child: DecoderChild = ffmpegChild,
  ) {
    this.name = child.name
    for (let index = 0; index < config.decoders; index++) this.idle.push(this.spawn())
  }

  async sample(path: string, plan: Pick<FramePlan, 'frames' | 'size'>, signal: AbortSignal): Promise<SampledFrames> {
    const { pixelsMax, secondsMax, streamsMax } = this.config
    const decoder = await this.acquire()
    try {
      return await decoder.sample(
        path,
        { frames: plan.frames, size: plan.size, pixelsMax, secondsMax, streamsMax },
        signal,
      )
    } finally {
      this.release(decoder)
    }
  }

  close(): void {
    for (const decoder of this.all) decoder.close()
  }

  get pids(): number[] {
    return [...this.all].flatMap(({ pid }) => pid ?? [])
  }

  private async acquire(): Promise<DecoderProcess> {
    const decoder = this.idle.pop() ?? (await new Promise<DecoderProcess>((resolve) => this.waiting.push(resolve)))
    return decoder.alive ? decoder : this.replace(decoder)
  }

  private release(decoder: DecoderProcess): void {
    const next = decoder.alive && decoder.served < videosPerChild ? decoder : this.replace(decoder)
    const waiter = this.waiting.shift()
    if (waiter === undefined) this.idle.push(next)
    else waiter(next)
  }

  private replace(decoder: DecoderProcess): DecoderProcess {
    if (!decoder.alive) this.onReplaced()
    decoder.close()
    this.all.delete(decoder)
    return this.spawn()
  }

  private spawn(): DecoderProcess {
    const decoder = new DecoderProcess(this.config, this.child.program)
    this.all.add(decoder)
    return decoder
  }
}
