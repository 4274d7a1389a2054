import { pipeline, ReeltagError, streamsOf, type Pipeline, type StreamDefinition } from '@reeltag/contracts'
import type { ModelSession } from '../sessions/model-session.js'
import type { Tensor } from '../tensors/tensor.js'

/** What a content gives to a head: rows × dimensions floats (frames of a video, tokens of a text). */
export interface Stream {
  readonly rows: number
  readonly dimensions: number
  readonly vectors: Float32Array
}

/** A head that joins streams: it is fed every stream that its graph has an input for, and a missing one is masked. */
export class FusionHead {
  private readonly inputs: readonly StreamDefinition[]

  constructor(
    private readonly session: Pick<ModelSession, 'model' | 'run'>,
    table: Pipeline = pipeline,
  ) {
    const { ref, manifest } = session.model
    const names = new Set(manifest.inputs.map(({ name }) => name))
    this.inputs = streamsOf(table).flatMap(({ stream }) => (names.has(stream.input) ? stream : []))
    const fed = new Set(this.inputs.flatMap(({ input, mask }) => [input, mask]))
    const differing = [...names].filter((name) => !fed.has(name)).concat([...fed].filter((name) => !names.has(name)))
    if (differing.length > 0)
      throw new ReeltagError(
        'MODEL_MISMATCH',
        `${ref}: no stream of this Reeltag has the inputs ${differing.join(', ')}`,
      )
  }

  get ref(): string {
    return this.session.model.ref
  }

  /** Whether it has inputs for this stream. */
  takes(stream: string): boolean {
    return this.inputs.some(({ name }) => name === stream)
  }

  /**
   * @param streams by name; those that the head has no input for are passed over
   * @returns logits over the leaves, by facet
   */
  async score(streams: ReadonlyMap<string, Stream>, signal?: AbortSignal): Promise<Record<string, Float32Array>> {
    if (!this.inputs.some(({ name }) => streams.has(name))) {
      const names = this.inputs.map(({ name }) => name).join(', ')
      throw new ReeltagError('STREAMS_MISSING', `the content has none of the streams of ${this.ref}: ${names}`)
    }
    const feeds = this.inputs.map((input) => this.feed(input, streams.get(input.name)))
    const outputs = await this.session.run(Object.assign({}, ...feeds) as Record<string, Tensor>, signal)
    const logits = Object.entries(outputs).filter(([name]) => name.startsWith('logits_'))
    return Object.fromEntries(logits.map(([name, { data }]) => [name.slice('logits_'.length), data as Float32Array]))
  }

  private feed({ input, mask }: StreamDefinition, stream: Stream | undefined): Record<string, Tensor> {
    const dimensions = this.dimensionsOf(input)
    if (stream !== undefined && stream.dimensions !== dimensions) {
      throw new ReeltagError(
        'MODEL_MISMATCH',
        `${input} are ${stream.dimensions} wide, ${this.ref} takes ${dimensions}`,
      )
    }
    const rows = stream?.rows ?? 1
    // A copy: the buffer is handed to the session's thread, and the caller may hold the ledger's.
    const data = stream === undefined ? new Float32Array(dimensions) : stream.vectors.slice()
    return {
      [input]: { data, dims: [1, rows, dimensions] },
      [mask]: { data: new Float32Array(rows).fill(stream === undefined ? 0 : 1), dims: [1, rows] },
    }
  }

  private dimensionsOf(name: string): number {
    return Number(this.session.model.manifest.inputs.find((input) => input.name === name)?.shape[2])
  }
}
