import type { ModelSession } from '../sessions/model-session.js'
import { floatsOf } from '../tensors/tensor.js'
import type { TextTokenizer } from './text-tokenizer.js'

// T tokens, D embedding

/** Text → one vector a token. */
export class TextEncoder {
  constructor(
    private readonly session: ModelSession,
    private readonly tokenizer: TextTokenizer,
  ) {}

  get ref(): string {
    return this.session.model.ref
  }

  get preprocessing(): string {
    return this.session.model.manifest.preprocessing.id
  }

  /** @returns T × D floats, without padding */
  async embed(
    text: string,
    signal?: AbortSignal,
  ): Promise<{ rows: number; dimensions: number; vectors: Float32Array }> {
    const ids = this.tokenizer.encode(text)
    const dims = [1, ids.length]
    const outputs = await this.session.run(
      {
        input_ids: { data: BigInt64Array.from(ids, BigInt), dims },
        attention_mask: { data: new BigInt64Array(ids.length).fill(1n), dims },
      },
      signal,
    )
    const tokens = floatsOf(outputs, 'tokens')
    const dimensions = tokens.dims[2] ?? 0
    // A longer text in the same batch pads this one; its own tokens come first.
    return { rows: ids.length, dimensions, vectors: tokens.data.slice(0, ids.length * dimensions) }
  }
}
