import { describe, expect, it } from '@jest/globals'
import { until } from '@reeltag/testing'
import { LiveRoom, type LiveReader } from './live-room.js'

class Page implements LiveReader {
  readonly written: string[] = []
  ended = false
  destroyed = false
  writableLength = 0
  write(text: unknown): boolean {
    this.written.push(String(text))
    return true
  }
  end(): never {
    this.ended = true
    return undefined as never
  }
  destroy(): never {
    this.destroyed = true
    return undefined as never
  }
}

describe('LiveRoom', () => {
  it('tells a change at once, and those that follow together', async () => {
    const [room, page] = [new LiveRoom(), new Page()]
    room.enter(page)
    for (let change = 0; change < 100; change++) room.tell({ queues: true })
    expect(page.written).toHaveLength(1)
    await until('the rest is told', 10, () => page.written.length > 1)
    expect(page.written).toEqual(Array.from({ length: 2 }, () => 'event: queues\ndata: {}\n\n'))
    room.close()
    expect(page.ended).toBe(true)
  })

  it('cuts a page that does not keep up, and goes on with the others', () => {
    const [room, slow, quick] = [new LiveRoom(), new Page(), new Page()]
    for (const page of [slow, quick]) room.enter(page)
    slow.writableLength = 65_537
    quick.writableLength = 65_536
    room.tell({ queues: true })
    expect([slow.destroyed, slow.written.length, room.size]).toEqual([true, 0, 1])
    expect([quick.destroyed, quick.written.length]).toEqual([false, 1])
    room.close()
  })
})
