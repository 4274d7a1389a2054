import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { PutReviewQueue, ReeltagError } from '@reeltag/contracts'
import { ReviewingFixture, tagOf } from '../reviewing.fixture.js'

describe('review queues', () => {
  let fixture: ReviewingFixture
  beforeAll(async () => {
    fixture = await ReviewingFixture.open()
  })
  afterEach(() => fixture.clear())
  afterAll(() => fixture.close())

  const put = (name: string, rule: object, paused = false) =>
    fixture.queues.put(fixture.workspaceId, name, PutReviewQueue.parse({ title: { zh: name, en: name }, rule, paused }))
  const queueOf = async ({ itemId }: { itemId: string }) => (await fixture.item(itemId)).queue
  const ids = (claims: readonly { itemId: string }[]) => claims.map(({ itemId }) => itemId)

  it('want items by facet and branch, language, priority, and in the order in which they were made', async () => {
    const before = await fixture.add()
    await put('cats', { facet: 'subject', under: 'animals/cat' })
    await put('animals', { facet: 'subject', under: 'animals' })
    await put('english', { language: 'en' })
    await put('later', { priority: 'backfill' })
    const animalsLike = await fixture.add({ tags: [tagOf('subject', 'animalsandmore')] })
    const dog = await fixture.add({ tags: [tagOf('subject', 'animals/dog')] })
    const cat = await fixture.add({ language: 'en' })
    const food = { tags: [tagOf('subject', 'food')] }
    const [english, later] = [
      await fixture.add({ ...food, language: 'en' }),
      await fixture.add({ ...food, priority: 10 }),
    ]
    const queues = await Promise.all([before, animalsLike, dog, cat, english, later].map(queueOf))
    expect(queues).toEqual(['cats', 'all', 'animals', 'cats', 'english', 'later'])
    await fixture.queues.remove(fixture.workspaceId, 'cats')
    expect(await Promise.all([before, cat].map(queueOf))).toEqual(['animals', 'animals'])
  })

  it('share out what all hands out, and all hands out nothing of one that is paused', async () => {
    const [cat, food] = [
      await fixture.add({ rank: 1 }),
      await fixture.add({ rank: 2, tags: [tagOf('subject', 'food')] }),
    ]
    await put('cats', { facet: 'subject', under: 'animals' })
    expect(ids(await fixture.claim('li', 5, 'cats'))).toEqual([cat.itemId])
    expect(ids(await fixture.claim('li', 5))).toEqual([cat.itemId, food.itemId])
    await fixture.db.query(`UPDATE review_items SET holder = NULL, lease_until = NULL`)
    await put('cats', { facet: 'subject', under: 'animals' }, true)
    expect(ids(await fixture.claim('wang', 5, 'cats'))).toEqual([])
    expect(ids(await fixture.claim('wang', 5))).toEqual([food.itemId])
    await put('all', {}, true)
    expect(ids(await fixture.claim('zhao', 5))).toEqual([])
  })

  it('count what waits in them', async () => {
    await fixture.add({ rank: 1 })
    await fixture.add({ tags: [tagOf('subject', 'food')] })
    // The machine decides it.
    await fixture.add({ rank: 30_000_000_000_001 })
    await put('cats', { facet: 'subject', under: 'animals' })
    await fixture.claim('li', 1, 'cats')
    await put('empty', { language: 'en' })
    const queues = await fixture.queues.list(fixture.workspaceId)
    expect(queues.map(({ name, open, claimed }) => [name, open, claimed])).toEqual([
      ['all', 2, 1],
      ['escalated', 0, 0],
      ['cats', 1, 1],
      ['empty', 0, 0],
    ])
    expect(queues[0]?.oldestAt).not.toBeNull()
  })

  it('are not there unless they were made, and those that are always there take no rule', async () => {
    const codeOf = (work: Promise<unknown>) =>
      work.then(
        () => 'done',
        (error: unknown) => (error instanceof ReeltagError ? error.code : String(error)),
      )
    expect(await codeOf(fixture.claim('li', 1, 'none'))).toBe('NOT_FOUND')
    expect(await codeOf(fixture.queues.remove(fixture.workspaceId, 'none'))).toBe('NOT_FOUND')
    expect(await codeOf(put('all', { language: 'en' }))).toBe('BODY_INVALID')
  })
})
