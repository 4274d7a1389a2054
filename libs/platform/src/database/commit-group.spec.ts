import { describe, expect, it } from '@jest/globals'
import { CommitGroup } from './commit-group.js'

const gate = (): { readonly opened: Promise<void>; open: () => void } => {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { opened, open }
}

describe('CommitGroup', () => {
  it('joins what arrives during a commit into the next, and answers each with its own', async () => {
    const commits: number[][] = []
    const first = gate()
    const group = new CommitGroup<number, string>(async (items) => {
      commits.push([...items])
      if (commits.length === 1) await first.opened
      return items.map((item) => `answer ${item}`)
    })
    const answers = Promise.all([1, 2, 3, 4].map((item) => group.join(item)))
    first.open()
    expect(await answers).toEqual(['answer 1', 'answer 2', 'answer 3', 'answer 4'])
    expect(commits).toEqual([[1], [2, 3, 4]])
  })

  it('holds no more than its size in one transaction', async () => {
    const sizes: number[] = []
    const group = new CommitGroup<number, number>((items) => {
      sizes.push(items.length)
      return Promise.resolve(items)
    }, 2)
    await Promise.all([1, 2, 3, 4, 5].map((item) => group.join(item)))
    expect(sizes).toEqual([1, 2, 2])
  })

  it('commits the neighbours of an item that fails, and tells only that one', async () => {
    const first = gate()
    const group = new CommitGroup<number, number>(async (items) => {
      if (items.includes(0)) await first.opened
      if (items.includes(2)) throw new Error('bad item')
      return items
    })
    const outcomes = Promise.allSettled([0, 1, 2, 3].map((item) => group.join(item)))
    first.open()
    expect((await outcomes).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
    expect(await group.join(4)).toBe(4)
  })
})
