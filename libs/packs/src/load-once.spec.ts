import { describe, expect, it } from '@jest/globals'
import { loadOnce } from './load-once.js'

describe('loadOnce', () => {
  it('loads a key once for all who ask while it is loading and after', async () => {
    const cache = new Map<string, Promise<number>>()
    let loads = 0
    const get = () => loadOnce(cache, 'a', () => Promise.resolve(++loads))
    expect(await Promise.all([get(), get()])).toEqual([1, 1])
    expect(await get()).toBe(1)
  })

  it('tells everyone who waits of a failure, and tries again for the next', async () => {
    const cache = new Map<string, Promise<number>>()
    let tries = 0
    const get = () =>
      loadOnce(cache, 'a', () => (++tries === 1 ? Promise.reject(new Error('broken')) : Promise.resolve(tries)))
    const outcomes = await Promise.allSettled([get(), get()])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(await get()).toBe(2)
  })
})
