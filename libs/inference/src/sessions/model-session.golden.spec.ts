import { afterEach, describe, expect, it } from '@jest/globals'
import type { ModelManifest } from '@reeltag/contracts'
import path from 'node:path'
import type { Worker } from 'node:worker_threads'
import { ModelSession, type InferenceOptions } from './model-session.js'
import type { LoadedModel } from '@reeltag/packs'
import { lookupManifest } from './lookup.fixture.js'
import type { Tensors } from '../tensors/tensor.js'

const folder = path.resolve(import.meta.dirname, '../../fixtures')
const options: InferenceOptions = { device: 'cpu', threads: 1, lanes: 1, batchMax: 32, delayMsMax: 0, queueMax: 64 }

const manifestOf = (overrides: Partial<ModelManifest> = {}): LoadedModel => ({
  ref: 'lookup/1.0.0',
  folder,
  manifest: { ...lookupManifest, ...overrides },
})
const ids = (...row: number[]): Tensors => ({ ids: { data: BigInt64Array.from(row, BigInt), dims: [1, row.length] } })
const rowsOf = (outputs: Tensors): number[] => [...((outputs['rows']?.data ?? []) as Float32Array)]

describe('ModelSession', () => {
  let session: ModelSession | undefined
  const open = async (model = manifestOf(), more: Partial<InferenceOptions> = {}) =>
    (session = await ModelSession.open(model, { ...options, ...more }))
  afterEach(async () => {
    await session?.close()
    session = undefined
  })

  it('refuses a graph that is not what its manifest promises', async () => {
    const refused = { code: 'MODEL_MISMATCH' }
    const shape = ['n', 't']
    await expect(open(manifestOf({ inputs: [{ name: 'tokens', dtype: 'int64', shape }] }))).rejects.toMatchObject(
      refused,
    )
    await expect(open(manifestOf({ inputs: [{ name: 'ids', dtype: 'float32', shape }] }))).rejects.toMatchObject(
      refused,
    )
    await expect(
      open(manifestOf({ outputs: [{ name: 'rows', dtype: 'float32', shape: ['n', 't', 3] }] })),
    ).rejects.toMatchObject(refused)
  })

  it('refuses a file that is no graph', async () => {
    const graph = { file: 'make_lookup.py', sha256: '0'.repeat(64), bytes: 1 }
    await expect(open(manifestOf({ graph }))).rejects.toMatchObject({
      code: 'MODEL_MISMATCH',
      message: expect.stringContaining('make_lookup.py'),
    })
  })

  it('refuses a provider that is not there rather than fall back', async () => {
    await expect(open(manifestOf(), { device: 'cuda' })).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
  })

  it('refuses what does not fit the model before it can spoil a batch', async () => {
    const { run } = bound(await open())
    await expect(run({ ids: { data: Float32Array.of(1), dims: [1, 1] } })).rejects.toMatchObject({
      code: 'MODEL_MISMATCH',
    })
    await expect(run({ ids: { data: BigInt64Array.of(1n), dims: [1, 2] } })).rejects.toMatchObject({
      code: 'MODEL_MISMATCH',
    })
    await expect(run({ words: { data: BigInt64Array.of(1n), dims: [1, 1] } })).rejects.toMatchObject({
      code: 'MODEL_MISMATCH',
    })
  })

  it('fails only the item that the model chokes on, not its neighbours in the batch', async () => {
    const { run } = bound(await open())
    const outcomes = await Promise.allSettled([run(ids(0)), run(ids(1)), run(ids(99)), run(ids(2))])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
    expect(outcomes[2]).toMatchObject({ reason: { code: 'INFERENCE_FAILED' } })
  })

  it('leaves the neighbours of a view in its buffer alone', async () => {
    const pool = BigInt64Array.of(3n, 2n, 1n)
    const feeds: Tensors = { ids: { data: pool.subarray(1, 2), dims: [1, 1] } }
    expect(rowsOf(await bound(await open()).run(feeds))).toEqual([2, 2.5])
    expect([...pool]).toEqual([3n, 2n, 1n])
  })

  it('outlives the death of its thread: what ran fails, what comes next is served', async () => {
    const { run } = bound(await open())
    expect(rowsOf(await run(ids(1)))).toEqual([1, 1.5])
    crash(session)
    await expect(run(ids(1))).rejects.toMatchObject({ code: 'INFERENCE_FAILED' })
    expect(rowsOf(await run(ids(3)))).toEqual([3, 3.5])
  })

  it('closes while work waits, and answers everyone', async () => {
    const opened = await open()
    const outcomes = Promise.allSettled([1, 2, 3].map((id) => opened.run(ids(id))))
    await opened.close()
    expect((await outcomes).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected'])
    await expect(opened.run(ids(1))).rejects.toMatchObject({ code: 'INFERENCE_FAILED' })
  })

  it('runs a batch of frames in pieces, and gives every row its own', async () => {
    const { run } = bound(await open(manifestOf({ kind: 'vision-encoder' })))
    const five: Tensors = { ids: { data: BigInt64Array.of(3n, 1n, 2n, 0n, 3n), dims: [5, 1] } }
    const outputs = await run(five)
    expect(outputs['rows']?.dims).toEqual([5, 1, 2])
    expect(rowsOf(outputs).filter((_, index) => index % 2 === 0)).toEqual([3, 1, 2, 0, 3])
  })

  it('runs in several lanes side by side', async () => {
    const { run } = bound(await open(manifestOf(), { lanes: 2, batchMax: 1 }))
    const results = await Promise.all([0, 1, 2, 3].map((id) => run(ids(id))))
    expect(results.map((outputs) => rowsOf(outputs)[0])).toEqual([0, 1, 2, 3])
  })
})

const bound = (opened: ModelSession) => ({ run: (feeds: Tensors) => opened.run(feeds) })

/** A message that nobody sends throws in the thread, which ends it as any bug there would. */
const crash = (opened: ModelSession | undefined): void =>
  (opened as unknown as { lanes: { worker: Worker }[] }).lanes[0]?.worker.postMessage(null)
