import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { newId } from '@reeltag/platform'
import { Inbox } from '@reeltag/events'
import type { Queues } from '../queues/queues.js'
import { joiningPipeline, PipelineFixture } from '../pipeline.fixture.js'
import { JobRelay } from '../leading/job-relay.js'
import { recording } from './recording.js'
import { StageStore } from './stage.store.js'
import type { NewContent } from './stage-task.js'

describe('groups of one transaction', () => {
  let fixture: PipelineFixture
  let other: StageStore
  beforeAll(async () => {
    fixture = await PipelineFixture.open()
    // A second process: what it does is joined with nothing that the first one does.
    other = new StageStore(fixture.db, fixture.outbox, joiningPipeline)
  })
  afterAll(() => fixture.close())

  const aContent = (overrides: Partial<NewContent> = {}): NewContent => ({
    id: newId(),
    workspaceId: fixture.workspaceId,
    externalId: null,
    pack: 'starter/2.0.0',
    traceparent: null,
    submission: { title: '小猫', language: 'zh' },
    video: null,
    inputHash: '1'.repeat(64),
    ...overrides,
  })
  const count = async (sql: string, ids: readonly string[]): Promise<number> =>
    (await fixture.db.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`, [ids]))[0]?.n ?? 0

  it('accepts an externalId once, however many send it at the same moment and in whatever order', async () => {
    const names = Array.from({ length: 100 }, (_, index) => `video-${index}`)
    const send = (store: StageStore, externalIds: readonly string[]) =>
      Promise.all(externalIds.map((externalId) => store.accept(aContent({ externalId }))))
    const answers = await Promise.all([
      send(fixture.stages, names),
      send(other, names.toReversed()),
      send(fixture.stages, names.toReversed()),
    ])
    expect(answers.flat().filter(Boolean)).toHaveLength(100)
    const rows = await fixture.db.query<{ id: string }>(`SELECT id FROM contents WHERE external_id LIKE 'video-%'`)
    const ids = rows.map(({ id }) => id)
    expect(ids).toHaveLength(100)
    expect(await count(`outbox WHERE name = 'content.submitted.v1' AND content_id = ANY($1::uuid[])`, ids)).toBe(100)
    expect(await count(`stages WHERE stage = 'right' AND state = 'ready' AND content_id = ANY($1::uuid[])`, ids)).toBe(
      100,
    )
  })

  it('accepts the neighbours of a content that cannot be taken, with what they bring along', async () => {
    const written: string[] = []
    const write = (_: unknown, ids: readonly string[]) => Promise.resolve(void written.push(...ids))
    const contents = Array.from({ length: 20 }, (_, index) => aContent(index === 7 ? { workspaceId: newId() } : {}))
    const outcomes = await Promise.allSettled(
      contents.map((content) => fixture.stages.accept(content, [recording(write, () => content.id)])),
    )
    expect(outcomes.flatMap(({ status }, index) => (status === 'rejected' ? index : []))).toEqual([7])
    const good = contents.flatMap(({ id }, index) => (index === 7 ? [] : id))
    expect(
      await count(
        `contents WHERE id = ANY($1::uuid[])`,
        contents.map(({ id }) => id),
      ),
    ).toBe(19)
    expect(written).toEqual(expect.arrayContaining(good))
  })

  it('takes a content whose commit was answered too late for the one that it is', async () => {
    const content = aContent()
    expect(await fixture.stages.accept(content)).toBe(true)
    expect(await fixture.stages.accept(content)).toBe(true)
    expect(await count(`outbox WHERE content_id = ANY($1::uuid[])`, [content.id])).toBe(1)
  })

  it('gives each attempt to one worker, when two processes want all of them in opposite orders and twice', async () => {
    const ids = await Promise.all(Array.from({ length: 150 }, () => fixture.accept()))
    const keys = ids.flatMap((contentId) => ['left', 'right'].map((stage) => ({ contentId, stage, attempt: 1 })))
    const relay = new JobRelay(fixture.db, { add: () => Promise.resolve() } as unknown as Queues, joiningPipeline)
    const begin = (store: StageStore, wanted: typeof keys) => Promise.all(wanted.map((key) => store.begin(key, 15)))
    const begun = await Promise.all([
      // Behind each other, so that they meet in one group.
      begin(
        fixture.stages,
        keys.flatMap((key) => [key, key]),
      ),
      begin(other, [...keys.toReversed(), ...keys]),
      relay.work(),
    ])
    const taken = [...begun[0], ...begun[1]].flatMap((task) =>
      task === undefined ? [] : `${task.contentId} ${task.stage}`,
    )
    expect(new Set(taken).size).toBe(taken.length)
    const running = await count(`stages WHERE state = 'running' AND content_id = ANY($1::uuid[])`, ids)
    expect(taken).toHaveLength(running)
    expect(running).toBe(300)
  })

  it('takes the neighbours of an event whose effect fails', async () => {
    const inbox = new Inbox(fixture.db)
    const events = Array.from({ length: 30 }, () => ({ id: newId(), subject: newId() }))
    const taken: string[] = []
    const deliver = (event: (typeof events)[number]) =>
      inbox.once('review', event, async (tx) => {
        if (event === events[7]) await tx.query('SELECT 1/0')
        taken.push(event.id)
      })
    const outcomes = await Promise.allSettled([...events, ...events].map(deliver))
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(2)
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled' && outcome.value)).toHaveLength(29)
    const receipts = await fixture.db.query<{ event_id: string }>(
      `SELECT event_id FROM inbox WHERE event_id = ANY($1::uuid[])`,
      [events.map(({ id }) => id)],
    )
    expect(new Set(receipts.map(({ event_id }) => event_id))).toEqual(
      new Set(events.flatMap(({ id }, index) => (index === 7 ? [] : id))),
    )
    expect(taken).not.toContain(events[7]?.id)
  })

  it('takes an event once that comes twice into one group, for each consumer', async () => {
    const inbox = new Inbox(fixture.db)
    const [first, event] = [newId(), newId()].map((id) => ({ id, subject: newId() }))
    const taken: string[] = []
    const take = (consumer: 'review' | 'fusion', sent = event!) =>
      inbox.once(consumer, sent, () => Promise.resolve(void taken.push(consumer)))
    // While the first is committed, the others gather into one transaction.
    const answers = await Promise.all([take('review', first), take('review'), take('fusion'), take('review')])
    expect(answers).toEqual([true, true, true, false])
    expect(taken).toEqual(['review', 'review', 'fusion'])
    expect(await take('fusion')).toBe(false)
    expect(taken).toHaveLength(3)
  })

  it('renews leases while the same stages are being finished', async () => {
    const ids = await Promise.all(Array.from({ length: 100 }, () => fixture.accept()))
    const tasks = await Promise.all(ids.map((id) => fixture.begin(id, 'left')))
    const held = tasks.toReversed().map((task) => ({ ...task, leaseSeconds: 15 }))
    const [finished] = await Promise.all([
      Promise.all(tasks.map((task) => fixture.stages.finish(task, { output: {} }))),
      fixture.stages.renew(held),
      other.renew(held),
    ])
    expect(finished.every(Boolean)).toBe(true)
  })
})
