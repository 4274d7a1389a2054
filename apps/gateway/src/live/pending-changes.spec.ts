import { describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { PendingChanges } from './pending-changes.js'

const [a, b] = [randomUUID(), randomUUID()]

describe('PendingChanges', () => {
  it('tells each thing once, as it was last', () => {
    const pending = new PendingChanges()
    expect(pending.empty).toBe(true)
    pending.add({ queues: true, items: [{ id: a, change: 'claimed' }] })
    pending.add({ queues: true, items: [{ id: a, change: 'decided' }] })
    pending.add({ contents: [{ id: b, state: 'processing', stage: 'classify', stageState: 'running' }] })
    pending.add({ contents: [{ id: b, state: 'published' }] })
    expect(pending.take().split('\n\n').slice(0, -1)).toEqual([
      'event: queues\ndata: {}',
      `event: item\ndata: {"id":"${a}","change":"decided"}`,
      `event: content\ndata: {"id":"${b}","state":"published"}`,
    ])
    expect(pending.empty).toBe(true)
    expect(pending.take()).toBe('')
  })

  it('does not name more contents than a page would read one by one', () => {
    const pending = new PendingChanges()
    for (let index = 0; index < 60; index++) pending.add({ contents: [{ id: randomUUID(), state: 'failed' }] })
    expect(pending.take()).toBe('event: contents\ndata: {}\n\n')
    pending.add({ many: true })
    expect(pending.take()).toBe('event: contents\ndata: {}\n\n')
    pending.add({ contents: [{ id: a, state: 'failed' }] })
    expect(pending.take()).toMatch(/^event: content\n/)
  })
})
