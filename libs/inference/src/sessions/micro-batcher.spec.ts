import { describe, expect, it } from '@jest/globals'
import { MicroBatcher } from './micro-batcher.js'
import { floatsOf, type Tensors } from '../tensors/tensor.js'

const limits = { batchMax: 8, delayMsMax: 0, queueMax: 16 }
const item = (...values: number[]): Tensors => ({ x: { data: Float32Array.from(values), dims: [values.length] } })
const valuesOf = (tensors: Tensors): number[] => [...floatsOf(tensors, 'x').data]

/** A runner of ours: doubles, and holds every run until it is let go. */
const heldRunner = () => {
  const held: (() => void)[] = []
  const run = async (feeds: Tensors): Promise<Tensors> => {
    const data = floatsOf(feeds, 'x').data.map((value) => value * 2)
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

  it('runs what comes to an idle lane at once', async () => {
    const batcher = new MicroBatcher((feeds) => Promise.resolve(feeds), 1, { ...limits, delayMsMax: 60_000 })
    expect(valuesOf(await batcher.submit(item(5)))).toEqual([5])
  })

  it('gathers for a while when work is coming in', async () => {
    const batches: number[] = []
    const batcher = new MicroBatcher(
      (feeds) => Promise.resolve(feeds),
      1,
      { ...limits, delayMsMax: 20 },
      (rows) => batches.push(rows),
    )
    await batcher.submit(item(1))
    const second = batcher.submit(item(2))
    await new Promise((resolve) => setImmediate(resolve))
    await Promise.all([second, batcher.submit(item(3))])
    expect(batches).toEqual([1, 2])
  })

  it('keeps a batch within its limit, and runs a larger item alone', async () => {
    const batches: number[] = []
    const { run, letGo } = heldRunner()
    const batcher = new MicroBatcher(run, 1, { ...limits, queueMax: 100 }, (rows) => batches.push(rows))
    const big = Array.from({ length: 12 }, (_, index) => index)
    const results = [item(0), item(1, 2, 3, 4, 5), item(1, 2, 3), item(3, 4), item(...big), item(6)].map((feeds) =>
      batcher.submit(feeds),
    )
    for (const _ of results) await letGo()
    await Promise.all(results)
    expect(batches).toEqual([1, 8, 2, 12, 1])
  })

  it('refuses what its queue cannot hold', async () => {
    const { run, letGo } = heldRunner()
    const batcher = new MicroBatcher(run, 1, { ...limits, queueMax: 2 })
    const first = batcher.submit(item(1))
    const waiting = [batcher.submit(item(2)), batcher.submit(item(3))]
    await expect(batcher.submit(item(4))).rejects.toMatchObject({ code: 'INFERENCE_OVERLOADED' })
    await letGo()
    await letGo()
    await Promise.all([first, ...waiting])
  })

  it('shields the neighbours of what fails', async () => {
    const run = async (feeds: Tensors) => {
      await new Promise((resolve) => setImmediate(resolve))
      return valuesOf(feeds).includes(13) ? Promise.reject(new Error('boom')) : feeds
    }
    const batcher = new MicroBatcher(run, 1, limits)
    const outcomes = await Promise.allSettled([1, 2, 13, 4].map((value) => batcher.submit(item(value))))
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
  })

  it('lets a failed run pass and serves the next', async () => {
    let runs = 0
    const run = (feeds: Tensors) => (runs++ === 0 ? Promise.reject(new Error('boom')) : Promise.resolve(feeds))
    const batcher = new MicroBatcher(run, 1, limits)
    await expect(batcher.submit(item(1))).rejects.toThrow('boom')
    expect(valuesOf(await batcher.submit(item(7)))).toEqual([7])
  })

  it('lets go of what is aborted, waiting or running', async () => {
    const batches: number[] = []
    const { run, letGo } = heldRunner()
    const batcher = new MicroBatcher(run, 1, { ...limits, queueMax: 1 }, (rows) => batches.push(rows))
    const abort = new AbortController()
    const aborted = [item(1), item(2)].map((feeds) =>
      expect(batcher.submit(feeds, abort.signal)).rejects.toThrow('no longer wanted'),
    )
    abort.abort(new Error('no longer wanted'))
    await Promise.all(aborted)
    await expect(batcher.submit(item(3), abort.signal)).rejects.toThrow('no longer wanted')
    const room = batcher.submit(item(4))
    await letGo()
    await letGo()
    expect(valuesOf(await room)).toEqual([8])
    expect(batches).toEqual([1, 1])
  })

  it('refuses what waits when it closes, and finishes what runs', async () => {
    const { run, letGo } = heldRunner()
    const batcher = new MicroBatcher(run, 1, limits)
    const running = batcher.submit(item(1))
    const refused = expect(batcher.submit(item(2))).rejects.toMatchObject({ code: 'INFERENCE_FAILED' })
    const closed = batcher.close()
    await refused
    await letGo()
    expect(valuesOf(await running)).toEqual([2])
    await closed
  })

  it('pads shorter items of a batch with zeros', async () => {
    const seen: Tensors[] = []
    const run = async (feeds: Tensors) => {
      seen.push(feeds)
      await new Promise((resolve) => setImmediate(resolve))
      return feeds
    }
    const batcher = new MicroBatcher(run, 1, limits)
    const tokens = (...rows: bigint[][]): Tensors => ({
      ids: { data: BigInt64Array.from(rows.flat()), dims: [rows.length, rows[0]?.length ?? 0] },
    })
    const items = [tokens([9n]), tokens([1n, 2n], [7n, 8n]), tokens([3n, 4n, 5n, 6n])]
    await Promise.all(items.map((feeds) => batcher.submit(feeds)))
    const joined = [1n, 2n, 0n, 0n, 7n, 8n, 0n, 0n, 3n, 4n, 5n, 6n]
    expect(seen[1]?.['ids']).toEqual({ data: BigInt64Array.from(joined), dims: [3, 4] })
  })
})
