import { describe, expect, it } from '@jest/globals'
import { lookupManifest } from '../sessions/lookup.fixture.js'
import { assertFeeds } from './feeds.js'
import type { Tensor } from './tensor.js'

const model = {
  ref: 'lookup/1.0.0',
  folder: '/',
  manifest: {
    ...lookupManifest,
    inputs: [
      { name: 'frames', dtype: 'uint8', shape: ['n', 2, 3] },
      { name: 'ids', dtype: 'int64', shape: ['n', 't'] },
      { name: 'mask', dtype: 'float32', shape: ['n', 't'] },
    ],
  },
} as Parameters<typeof assertFeeds>[0]

const frames = (...dims: number[]): Tensor => ({ data: new Uint8Array(product(dims)), dims })
const ids = (...dims: number[]): Tensor => ({ data: new BigInt64Array(product(dims)), dims })
const mask = (...dims: number[]): Tensor => ({ data: new Float32Array(product(dims)), dims })
const product = (dims: number[]): number => dims.reduce((all, length) => all * length, 1)
const fitting = { frames: frames(2, 2, 3), ids: ids(2, 5), mask: mask(2, 5) }
const refusal = { code: 'MODEL_MISMATCH' }

describe('assertFeeds', () => {
  it('takes what fits', () => {
    expect(() => assertFeeds(model, fitting)).not.toThrow()
  })

  it.each([
    ['of another fixed length', { frames: frames(2, 2, 4) }],
    ['of other rows than its neighbour', { ids: ids(3, 5) }],
    ['that differs along an axis of one name', { mask: mask(2, 4) }],
    ['with an axis more', { ids: ids(2, 5, 1) }],
    ['of no rows', { frames: frames(0, 2, 3), ids: ids(0, 5), mask: mask(0, 5) }],
    ['of another type', { mask: { data: new Uint8Array(10), dims: [2, 5] } }],
    ['of fewer values than its shape', { mask: { data: new Float32Array(9), dims: [2, 5] } }],
    ['that is not there', { ids: undefined as never }],
  ])('refuses a tensor %s', (_, feeds: Record<string, Tensor>) => {
    expect(() => assertFeeds(model, { ...fitting, ...feeds })).toThrow(expect.objectContaining(refusal))
  })
})
