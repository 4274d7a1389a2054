import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { reviewRequestedV1, tagsPublishedV1, type EventData } from '@reeltag/contracts'
import { Inbox, type ReceivedEvent } from '@reeltag/events'
import { Database, newId } from '@reeltag/platform'
import { addWorkspace, createTestDatabase, type TestDatabase } from '@reeltag/testing'
import { setTimeout as sleep } from 'node:timers/promises'
import { ItemsConsumer } from './items.consumer.js'
import { ItemsRepository } from './items.repository.js'

const versions = { pack: 'p/1', vision: 'v/1', text: 't/1', fusion: 'f/1', taxonomy: 'x/1', sampling: 'even-4' }

describe('ItemsConsumer', () => {
  let server: TestDatabase
  let db: Database
  let consumer: ItemsConsumer
  const workspaceId = newId()
  beforeAll(async () => {
    server = await createTestDatabase()
    db = new Database(server.url, { poolMax: 8 })
    consumer = new ItemsConsumer(new Inbox(db), new ItemsRepository(db))
    await addWorkspace(db, { id: workspaceId })
  })
  afterAll(async () => {
    await db.close()
    await server.drop()
  })

  /** A content whose newest result has this revision. */
  const aContent = async (revision: number): Promise<string> => {
    const id = newId()
    await db.query(
      `INSERT INTO contents (id, workspace_id, state, pack, submission, modalities, input_hash, revision)
       VALUES ($1, $2, 'in_review', 'p/1', '{}'::jsonb, '{text}', 'h', $3)`,
      [id, workspaceId, revision],
    )
    return id
  }
  const envelope = <D extends { contentId: string; revision: number }>(type: string, data: D) => ({
    specversion: '1.0' as const,
    id: newId(),
    source: '/reeltag/classify',
    type,
    subject: data.contentId,
    time: new Date().toISOString(),
    datacontenttype: 'application/json' as const,
    workspaceid: workspaceId,
    sequence: 1,
    revision: data.revision,
    schemaversion: 1,
    data,
  })
  const prediction = (
    contentId: string,
    revision: number,
    decision: 'published' | 'review',
  ): EventData<typeof tagsPublishedV1> => ({
    contentId,
    predictionId: newId(),
    revision,
    decision,
    tags: [],
    versions,
  })
  const requested = (contentId: string, revision: number): ReceivedEvent<typeof reviewRequestedV1> =>
    envelope(reviewRequestedV1.name, { ...prediction(contentId, revision, 'review'), reason: 'uncertain' as const })
  const published = (contentId: string, revision: number): ReceivedEvent<typeof tagsPublishedV1> =>
    envelope(tagsPublishedV1.name, prediction(contentId, revision, 'published'))
  const itemsOf = (contentId: string) =>
    db.query<{ revision: number; state: string }>(
      `SELECT revision, state FROM review_items WHERE content_id = $1 ORDER BY revision`,
      [contentId],
    )

  it('files an item once, however often its event comes', async () => {
    const id = await aContent(1)
    const event = requested(id, 1)
    await consumer.open(event)
    await consumer.open(event)
    await Promise.all([consumer.open(event), consumer.open(event)])
    // The same fact under another event id, as after an outbox was restored.
    await consumer.open({ ...event, id: newId() })
    expect(await itemsOf(id)).toEqual([{ revision: 1, state: 'open' }])
  })

  it('leaves only the newest revision open, in whatever order the events come', async () => {
    const expected = [1, 2, 3].map((revision) => ({ revision, state: revision === 3 ? 'open' : 'superseded' }))
    for (const order of [
      [1, 2, 3],
      [3, 2, 1],
      [2, 3, 1],
    ]) {
      const id = await aContent(3)
      for (const revision of order) await consumer.open(requested(id, revision))
      expect(await itemsOf(id)).toEqual(expected)
    }
  })

  it('closes an open item when a newer result of its content comes to review', async () => {
    const id = await aContent(1)
    await consumer.open(requested(id, 1))
    expect(await itemsOf(id)).toEqual([{ revision: 1, state: 'open' }])
    await db.query(`UPDATE contents SET revision = 2 WHERE id = $1`, [id])
    await consumer.open(requested(id, 2))
    expect(await itemsOf(id)).toEqual([
      { revision: 1, state: 'superseded' },
      { revision: 2, state: 'open' },
    ])
  })

  it('leaves one open where the events are handled side by side', async () => {
    const id = await aContent(8)
    await Promise.all(Array.from({ length: 8 }, (_, index) => consumer.open(requested(id, index + 1))))
    expect((await itemsOf(id)).filter(({ state }) => state === 'open')).toEqual([{ revision: 8, state: 'open' }])
  })

  it('closes the items of older revisions when a result is published, before or after them', async () => {
    const [before, after] = [await aContent(1), await aContent(2)]
    await consumer.open(requested(before, 1))
    await db.query(`UPDATE contents SET revision = 2 WHERE id = $1`, [before])
    await consumer.supersede(published(before, 2))
    await consumer.supersede(published(after, 2))
    await consumer.open(requested(after, 1))
    expect(await itemsOf(before)).toEqual([{ revision: 1, state: 'superseded' }])
    expect(await itemsOf(after)).toEqual([{ revision: 1, state: 'superseded' }])
  })

  it('leaves no item open that is filed while a newer result is published', async () => {
    const id = await aContent(1)
    const { workspaceid, data } = requested(id, 1)
    let publishing: Promise<void> | undefined
    // As a fast process does, between the moment in which this one has read the revision and its commit.
    const publish = async (): Promise<void> => {
      await db.query(`UPDATE contents SET revision = 2 WHERE id = $1`, [id])
      await consumer.supersede(published(id, 2))
    }
    await db.transaction(
      async (tx) => {
        await new ItemsRepository(db).open(tx, { ...data, workspaceId: workspaceid })
        publishing = publish()
        await Promise.race([publishing, sleep(1_000)])
      },
      { durable: false },
    )
    await publishing
    expect(await itemsOf(id)).toEqual([{ revision: 1, state: 'superseded' }])
  })

  it('keeps the item of a result whose ancestor was published with it', async () => {
    const id = await aContent(1)
    await consumer.open(requested(id, 1))
    await consumer.supersede(published(id, 1))
    expect(await itemsOf(id)).toEqual([{ revision: 1, state: 'open' }])
  })

  it('takes the event of a content that was deleted meanwhile', async () => {
    const id = newId()
    await consumer.open(requested(id, 1))
    expect(await itemsOf(id)).toEqual([])
  })
})
