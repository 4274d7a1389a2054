import { describe, expect, it } from '@jest/globals'
import { MicroBatcher } from './micro-batcher.js'
import type { Tensors } from './tensor.js'

const limits = { batchMax: 8, delayMsMax: 0, queueMax: 16 }
const item = (...values: number[]): Tensors => ({ x: { data: Float32Array.from(values), dims: [values.length] } })
const valuesOf = (outputs: Tensors): number[] => [...((outputs['x']?.data ?? []) as Float32Array)]

/** A runner of ours: doubles, and holds every run until it is let go. */
const heldRunner = () => {
  const held: (() => void)[] = []
  const run = async (feeds: Tensors): Promise<Tensors> => {
    const data = (feeds['x']?.data as Float32Array).map((value) => value * 2)
    await new Promise<void>((resolve) => held.push(resolve))
    return { x: { data, dims: [data.length] } }
  }
  const letGo = async (): Promise<void> => {
    held.shift()?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { run, letGo }
}

describe('MicroBatcher', () => {
  it('joins what waits behind a busy lane, and gives everyone their own rows', async () => {
    const batches: number[] = []
    const { run, letGo } = heldRunner()
    const batcher = new MicroBatcher(run, 1, limits, (rows) => batches.push(rows))
    const results = [item(1), item(2, 3), item(4)].map((feeds) => batcher.submit(feeds))
    await letGo()
    await letGo()
    expect((await Promise.all(results)).map(valuesOf)).toEqual([[2], [4, 6], [8]])
    expect(batches).toEqual([1, 3])
  })

  it('keeps a batch within its limit, and runs a larger item alone', async () => {
    const batches: number[] = []
    const run = (feeds: Tensors) => Promise.resolve(feeds)
    const batcher = new MicroBatcher(run, 1, { ...limits, queueMax: 100, delayMsMax: 5 }, (rows) => batches.push(rows))
    const big = Array.from({ length: 12 }, (_, index) => index)
    await Promise.all([batcher.submit(item(1, 2, 3, 4, 5)), batcher.submit(item(1, 2, 3, 4, 5)), batcher.submit(item(...big))])
    expect(batches).toEqual([5, 5, 12])
  })

  it('refuses what its queue cannot hold', async () => {
    const { run, letGo } = heldRunner()
    const batcher = new MicroBatcher(run, 1, { ...limits, queueMax: 2 })
    const first = batcher.submit(item(1))
    const waiting = batcher.submit(item(2, 3))
    await expect(batcher.submit(item(4))).rejects.toMatchObject({ code: 'INFERENCE_OVERLOADED' })
    await letGo()
    await letGo()
    await Promise.all([first, waiting])
  })

  it('fails a batch as one and serves the next', async () => {
    let runs = 0
    const run = (feeds: Tensors) => (runs++ === 0 ? Promise.reject(new Error('boom')) : Promise.resolve(feeds))
    const batcher = new MicroBatcher(run, 1, limits)
    await expect(batcher.submit(item(1))).rejects.toThrow('boom')
    expect(valuesOf(await batcher.submit(item(7)))).toEqual([7])
  })

  it('forgets what was aborted while it waited', async () => {
    const { run, letGo } = heldRunner()
    const batcher = new MicroBatcher(run, 1, limits)
    const first = batcher.submit(item(1))
    const abort = new AbortController()
    const second = batcher.submit(item(2), abort.signal)
    const forgotten = expect(second).rejects.toThrow('no longer wanted')
    abort.abort(new Error('no longer wanted'))
    await letGo()
    await first
    await forgotten
  })

  it('pads shorter items of a batch with zeros', async () => {
    const seen: Tensors[] = []
    const run = (feeds: Tensors) => {
      seen.push(feeds)
      return Promise.resolve(feeds)
    }
    const batcher = new MicroBatcher(run, 1, { ...limits, delayMsMax: 5 })
    const tokens = (ids: bigint[]): Tensors => ({ ids: { data: BigInt64Array.from(ids), dims: [1, ids.length] } })
    await Promise.all([batcher.submit(tokens([1n, 2n])), batcher.submit(tokens([3n, 4n, 5n, 6n]))])
    expect(seen[0]?.['ids']).toEqual({ data: BigInt64Array.from([1n, 2n, 0n, 0n, 3n, 4n, 5n, 6n]), dims: [2, 4] })
  })
})
