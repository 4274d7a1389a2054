import { describe, expect, it } from '@jest/globals'
import { DraftStore } from './drafts.js'
import { Outbox, type Sent } from './outbox.js'
import { memoryStore, type KeyValueStore } from './safe-storage.js'

describe('DraftStore', () => {
  it('gives back what a closed tab had, to the same person alone', () => {
    const store = memoryStore()
    new DraftStore(store, 'anna').put('item', { note: 'two cats', tags: [{ facet: 'subject', path: 'animals/cat' }] })
    expect(new DraftStore(store, 'anna').get('item')).toEqual({
      note: 'two cats',
      tags: [{ facet: 'subject', path: 'animals/cat' }],
    })
    expect(new DraftStore(store, 'bo').get('item')).toBeUndefined()
  })

  it('forgets empty drafts and those of weeks ago', () => {
    const store = memoryStore()
    let now = 1e12
    const drafts = new DraftStore(store, 'anna', () => now)
    drafts.put('a', { note: 'x' })
    drafts.put('a', { note: '' })
    expect(drafts.get('a')).toBeUndefined()
    drafts.put('b', { note: 'x' })
    now += 15 * 24 * 3_600_000
    expect(drafts.get('b')).toBeUndefined()
  })

  it('takes spoilt storage for none, and says when nothing can be kept', () => {
    const store = memoryStore()
    store.setItem('reeltag.drafts.anna', '{"item":')
    expect(new DraftStore(store, 'anna').get('item')).toBeUndefined()
    const full: KeyValueStore = {
      ...memoryStore(),
      setItem: () => {
        throw new Error('quota')
      },
    }
    expect(new DraftStore(full, 'anna').put('item', { note: 'x' })).toBe(false)
  })
})

interface Verdict {
  readonly id: string
}

/** An outbox whose network answers what the test says. */
const outboxOn = (answers: Sent<string>[], store = memoryStore()) => {
  const sent: string[] = []
  const told: [string, unknown][] = []
  const send = async ({ id }: Verdict): Promise<Sent<string>> => {
    sent.push(id)
    return Promise.resolve(answers.shift() ?? { kind: 'done', answer: `took ${id}` })
  }
  const outbox = new Outbox<Verdict, string>(store, 'verdicts', send, {
    done: ({ id }, answer) => told.push([id, answer]),
    refused: ({ id }, error) => told.push([id, error]),
  })
  return { outbox, sent, told, store }
}

describe('Outbox', () => {
  it('keeps a verdict that the network lost, and sends it again under its id', async () => {
    const { outbox, sent, told } = outboxOn([{ kind: 'later' }])
    await outbox.add({ id: 'a' })
    expect(outbox.waiting).toEqual([{ id: 'a' }])
    await outbox.flush()
    expect([sent, told, outbox.waiting]).toEqual([['a', 'a'], [['a', 'took a']], []])
  })

  it('keeps the order, and does not overtake one that waits for a sign-in', async () => {
    const { outbox, sent, told } = outboxOn([{ kind: 'signed-out' }, { kind: 'signed-out' }])
    await outbox.add({ id: 'a' })
    await outbox.add({ id: 'b' })
    expect(sent).toEqual(['a', 'a'])
    await outbox.flush()
    expect(told.map(([id]) => id)).toEqual(['a', 'b'])
  })

  it('tells of one that is refused, and goes on with the next', async () => {
    const { outbox, told } = outboxOn([{ kind: 'later' }, { kind: 'refused', error: 'CLAIM_LOST' }])
    await outbox.add({ id: 'a' })
    await outbox.add({ id: 'b' })
    expect(told).toEqual([
      ['a', 'CLAIM_LOST'],
      ['b', 'took b'],
    ])
    expect(outbox.waiting).toEqual([])
  })

  it('finds after a reload what it kept', async () => {
    const { outbox, store } = outboxOn([{ kind: 'later' }])
    await outbox.add({ id: 'a' })
    const later = outboxOn([], store)
    await later.outbox.flush()
    expect(later.told).toEqual([['a', 'took a']])
  })

  it('sends each once, however often it is asked', async () => {
    const { outbox, sent } = outboxOn([])
    await Promise.all([outbox.add({ id: 'a' }), outbox.flush(), outbox.flush()])
    expect(sent).toEqual(['a'])
  })
})
