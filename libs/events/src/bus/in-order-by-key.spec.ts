import { describe, expect, it } from '@jest/globals'
import { setImmediate as turn } from 'node:timers/promises'
import { inOrderByKey } from './in-order-by-key.js'

describe('inOrderByKey', () => {
  it('keeps the order within a key while keys run beside one another', async () => {
    const items = ['a1', 'b1', 'a2', 'c1', 'b2', 'a3']
    const done: string[] = []
    let running = 0
    let most = 0
    await inOrderByKey(
      items,
      ([key]) => key ?? '',
      2,
      async (item) => {
        most = Math.max(most, ++running)
        await turn()
        done.push(item)
        running--
      },
    )
    expect(done.filter((item) => item.startsWith('a'))).toEqual(['a1', 'a2', 'a3'])
    expect(done.filter((item) => item.startsWith('b'))).toEqual(['b1', 'b2'])
    expect(done).toHaveLength(items.length)
    expect(most).toBe(2)
  })

  it('begins nothing behind a failure, and ends only when nothing runs any more', async () => {
    const begun: string[] = []
    let ended = 0
    const run = async (item: string) => {
      begun.push(item)
      await turn()
      ended++
      if (item === 'a1') throw new Error('a1 failed')
    }
    await expect(inOrderByKey(['a1', 'a2', 'b1'], ([key]) => key ?? '', 8, run)).rejects.toThrow('a1 failed')
    expect(begun).toEqual(['a1', 'b1'])
    expect(ended).toBe(2)
  })
})
