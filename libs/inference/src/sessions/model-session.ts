import { ReeltagError, toReeltagError, type TensorSpec } from '@reeltag/contracts'
import { assertFeeds } from '../tensors/feeds.js'
import type { Lane } from '../lanes/lane.js'
import { MicroBatcher, type BatchLimits } from './micro-batcher.js'
import type { LoadedModel } from '@reeltag/packs'
import { openLane, type LaneOptions } from '../lanes/open-lane.js'
import { isMemoryProblem } from '../lanes/session-lane.js'
import type { Tensor, Tensors } from '../tensors/tensor.js'

export interface InferenceOptions extends BatchLimits, LaneOptions {
  /** How many run side by side: sessions, each in a thread of its own, or requests to the model server. */
  readonly lanes: number
  /**
   * Called after every run: the model's `name/version`, the number of rows, the duration, and the traces of the
   * callers.
   */
  readonly onBatch?: (model: string, rows: number, seconds: number, causes: readonly string[]) => void
  /** The traceparent of the current caller, for tracing. */
  readonly causeOf?: () => string | undefined
}

const warmUpRows = [1, 2]

/** A model that is open, checked against its manifest, warm, and batched. */
export class ModelSession {
  private readonly batcher: MicroBatcher
  private readonly idle: number[]

  private constructor(
    readonly model: LoadedModel,
    private readonly lanes: Lane[],
    private readonly options: InferenceOptions,
  ) {
    this.idle = lanes.map((_, index) => index)
    const onBatch = (rows: number, seconds: number, causes: readonly string[]): void =>
      options.onBatch?.(model.ref, rows, seconds, causes)
    const run = (feeds: Tensors): Promise<Tensors> => this.runOnLane(feeds)
    this.batcher = new MicroBatcher(run, lanes.length, options, onBatch, options.causeOf)
  }

  /** @throws MODEL_MISMATCH, PROVIDER_UNAVAILABLE, MODEL_MEMORY; of a model server MODEL_SERVER_… and MODEL_NOT_SERVED */
  static async open(model: LoadedModel, options: InferenceOptions): Promise<ModelSession> {
    const lanes: Lane[] = []
    try {
      for (let lane = 0; lane < options.lanes; lane++) lanes.push(await openLane(model, options))
      const session = new ModelSession(model, lanes, options)
      for (const lane of lanes) await warmUp(lane, model)
      return session
    } catch (error) {
      await Promise.all(lanes.map((lane) => lane.close()))
      throw error
    }
  }

  /** Runs the graph on these rows, together with whatever others ask for. @throws MODEL_MISMATCH for what does not fit */
  async run(feeds: Tensors, signal?: AbortSignal): Promise<Tensors> {
    assertFeeds(this.model, feeds)
    return this.batcher.submit(feeds, signal)
  }

  /** Closes behind everything that was asked for. */
  async drain(): Promise<void> {
    await this.batcher.drain()
    await this.close()
  }

  /** Refuses waiting items and finishes running ones. */
  async close(): Promise<void> {
    await this.batcher.close()
    await Promise.all(this.lanes.map((lane) => lane.close()))
  }

  /** The batcher never asks for more runs than there are lanes, so one is idle. */
  private async runOnLane(feeds: Tensors): Promise<Tensors> {
    const index = this.idle.pop() ?? 0
    try {
      const lane = await this.livingLane(index)
      return await lane.run(feeds)
    } finally {
      this.idle.push(index)
    }
  }

  /** If a lane died, one batch failed with it. The next batch gets a new lane. */
  private async livingLane(index: number): Promise<Lane> {
    const lane = this.lanes[index]
    if (lane?.alive === true) return lane
    return (this.lanes[index] = await openLane(this.model, this.options))
  }
}

/** The first runs allocate memory and choose kernels. No video should wait for that. */
const warmUp = async (lane: Lane, model: LoadedModel): Promise<void> => {
  for (const rows of warmUpRows) {
    const feeds = model.manifest.inputs.map((input) => [input.name, ones(input, rows)] as const)
    await lane.run(Object.fromEntries(feeds)).catch((error: unknown) => {
      const known = toReeltagError(error)
      if (isMemoryProblem(known.message)) throw new ReeltagError('MODEL_MEMORY', `${model.ref}: ${known.message}`)
      throw known
    })
  }
}

const dynamicLength = 4
/** Ones rather than zeros: nothing is masked away, and the token is one that every vocabulary has. */
const ones = ({ dtype, shape }: TensorSpec, rows: number): Tensor => {
  const dims = shape.map((dim, axis) => (axis === 0 ? rows : typeof dim === 'number' ? dim : dynamicLength))
  const length = dims.reduce((product, dim) => product * dim, 1)
  const data =
    dtype === 'uint8'
      ? new Uint8Array(length).fill(1)
      : dtype === 'int64'
        ? new BigInt64Array(length).fill(1n)
        : new Float32Array(length).fill(1)
  return { data, dims }
}
