import { describe, expect, it } from '@jest/globals'
import type { ModelSession } from '../sessions/model-session.js'
import type { Tensors } from '../tensors/tensor.js'
import { FusionHead, type Stream } from './fusion-head.js'

const input = (name: string, ...shape: (string | number)[]) => ({ name, dtype: 'float32', shape })
const inputs = [
  input('frames', 'n', 'f', 2),
  input('frame_mask', 'n', 'f'),
  input('text_tokens', 'n', 't', 3),
  input('text_mask', 'n', 't'),
]

/** A head whose session keeps what it is fed. */
const aHead = () => {
  const fed: Tensors[] = []
  const session = {
    model: { ref: 'head/1.0.0', manifest: { inputs } },
    run: async (feeds: Tensors) => {
      fed.push(feeds)
      return { logits_subject: { data: Float32Array.of(1, 2), dims: [1, 2] } }
    },
  } as unknown as Pick<ModelSession, 'model' | 'run'>
  return { head: new FusionHead(session), fed }
}
const video: Stream = { rows: 2, dimensions: 2, vectors: Float32Array.of(1, 2, 3, 4) }
const text: Stream = { rows: 1, dimensions: 3, vectors: Float32Array.of(5, 6, 7) }

describe('FusionHead', () => {
  it('feeds a stream with a mask of ones, a row each', async () => {
    const { head, fed } = aHead()
    expect(await head.score(new Map(Object.entries({ video, text })))).toEqual({ subject: Float32Array.of(1, 2) })
    expect(fed).toEqual([
      {
        frames: { data: Float32Array.of(1, 2, 3, 4), dims: [1, 2, 2] },
        frame_mask: { data: Float32Array.of(1, 1), dims: [1, 2] },
        text_tokens: { data: Float32Array.of(5, 6, 7), dims: [1, 1, 3] },
        text_mask: { data: Float32Array.of(1), dims: [1, 1] },
      },
    ])
  })

  it('feeds one row of zeros, masked, for a stream that is missing', async () => {
    const { head, fed } = aHead()
    await head.score(new Map([['text', text]]))
    expect(fed[0]).toMatchObject({
      frames: { data: Float32Array.of(0, 0), dims: [1, 1, 2] },
      frame_mask: { data: Float32Array.of(0), dims: [1, 1] },
      text_mask: { data: Float32Array.of(1), dims: [1, 1] },
    })
  })

  it('hands over a copy: the session takes the buffer with it', async () => {
    const { head, fed } = aHead()
    await head.score(new Map([['text', text]]))
    expect(fed[0]?.['text_tokens']?.data.buffer).not.toBe(text.vectors.buffer)
  })

  it('refuses a content without any of its streams, and a stream of another width', async () => {
    const { head } = aHead()
    await expect(head.score(new Map())).rejects.toMatchObject({ code: 'STREAMS_MISSING' })
    await expect(head.score(new Map([['text', video]]))).rejects.toMatchObject({ code: 'MODEL_MISMATCH' })
  })
})
