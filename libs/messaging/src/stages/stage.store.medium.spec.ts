import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ReeltagError } from '@reeltag/contracts'
import { joiningPipeline, MessagingFixture } from '../messaging.fixture.js'
import { recording } from './recording.js'
import { StageStore } from './stage.store.js'

describe('StageStore', () => {
  let fixture: MessagingFixture
  beforeAll(async () => {
    fixture = await MessagingFixture.open()
  })
  afterAll(() => fixture.close())

  it('starts the join of 300 contents exactly once when both sides finish at the same moment', async () => {
    const ids = await Promise.all(Array.from({ length: 300 }, () => fixture.accept()))
    const other = new StageStore(fixture.db, fixture.outbox, joiningPipeline)
    const pairs = await Promise.all(
      ids.map(async (id) => [await fixture.begin(id, 'left'), await fixture.begin(id, 'right')] as const),
    )
    await Promise.all(
      pairs.flatMap(([left, right]) => [
        fixture.stages.complete(left, { output: { side: 'left' } }),
        other.complete(right, { output: { side: 'right' } }),
      ]),
    )
    const rows = await fixture.db.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM stages WHERE stage = 'join' AND state = 'ready' AND attempt = 1 AND content_id = ANY($1::uuid[])`,
      [ids],
    )
    expect(rows[0]?.n).toBe(300)
    const joins = await Promise.all(ids.map((id) => fixture.begin(id, 'join')))
    expect(joins.every(({ outputs }) => 'left' in outputs && 'right' in outputs)).toBe(true)
    await Promise.all(
      joins.map((task) => fixture.stages.complete(task, { output: {}, contentState: 'published', durable: true })),
    )
    const [results] = await fixture.db.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM contents WHERE state = 'published' AND revision = 1 AND id = ANY($1::uuid[])`,
      [ids],
    )
    expect(results?.n).toBe(300)
  }, 60_000)

  it('refuses an attempt that was superseded, and runs none of its effects', async () => {
    const id = await fixture.accept()
    const task = await fixture.begin(id, 'left')
    await fixture.db.query(`UPDATE stages SET attempt = 2, state = 'ready' WHERE content_id = $1 AND stage = 'left'`, [
      id,
    ])
    let recorded = false
    const write = () => Promise.resolve(void (recorded = true))
    const record = recording(write, () => ({}))
    expect(await fixture.stages.complete(task, { output: {}, record })).toBe(false)
    expect(recorded).toBe(false)
    expect(await fixture.stageOf(id, 'left')).toMatchObject({ state: 'ready', attempt: 2 })
  })

  it('lets only one of two workers begin the same attempt', async () => {
    const id = await fixture.accept()
    const key = { contentId: id, stage: 'left', attempt: 1 }
    const begun = await Promise.all([fixture.stages.begin(key, 15), fixture.stages.begin(key, 15)])
    expect(begun.filter((task) => task !== undefined)).toHaveLength(1)
  })

  it('keeps the neighbours of a completion whose record fails', async () => {
    const [bad, good] = [await fixture.accept(), await fixture.accept()]
    const tasks = [await fixture.begin(bad, 'left'), await fixture.begin(good, 'left')] as const
    const fails = fixture.stages.complete(tasks[0], {
      output: {},
      record: recording(
        (tx) => tx.query('SELECT 1/0').then(() => undefined),
        () => ({}),
      ),
    })
    const works = fixture.stages.complete(tasks[1], { output: {} })
    await expect(fails).rejects.toThrow(/division by zero/)
    expect(await works).toBe(true)
    expect(await fixture.stageOf(bad, 'left')).toMatchObject({ state: 'running' })
  })

  it('tries a retryable failure again with a new attempt, and ends with STAGE_EXHAUSTED', async () => {
    const id = await fixture.accept()
    const definition = joiningPipeline[0]!.job
    for (const attempt of [1, 2, 3]) {
      const failed = await fixture.stages.fail(
        await fixture.begin(id, 'left', attempt),
        definition,
        new ReeltagError('INTERNAL', 'flaky'),
      )
      expect(failed).toBe(attempt === 3)
    }
    expect(await fixture.contentOf(id)).toMatchObject({ state: 'failed', error_code: 'STAGE_EXHAUSTED' })
  })

  it('tries again for as long as an outage lasts, and counts none of it against the content', async () => {
    const id = await fixture.accept()
    const definition = joiningPipeline[0]!.job
    const away = new ReeltagError('BLOBS_UNAVAILABLE', 'connection refused')
    for (let attempt = 1; attempt <= 2 * definition.failuresMax; attempt++)
      expect(await fixture.stages.fail(await fixture.begin(id, 'left', attempt), definition, away)).toBe(false)
    expect(await fixture.contentOf(id)).toMatchObject({ state: 'processing', error_code: null })
    const [stage] = await fixture.db.query(
      `SELECT failures, error_code FROM stages WHERE content_id = $1 AND stage = 'left'`,
      [id],
    )
    expect(stage).toEqual({ failures: 0, error_code: 'BLOBS_UNAVAILABLE' })
  })

  it('fails the content at once where trying again cannot help, and says so in one event', async () => {
    const id = await fixture.accept()
    await fixture.stages.fail(
      await fixture.begin(id, 'left'),
      joiningPipeline[0]!.job,
      new ReeltagError('MEDIA_EMPTY', 'no bytes'),
    )
    expect(await fixture.contentOf(id)).toMatchObject({ state: 'failed', error_code: 'MEDIA_EMPTY' })
    const events = await fixture.db.query(`SELECT 1 FROM outbox WHERE content_id = $1 AND name = 'content.failed.v1'`, [
      id,
    ])
    expect(events).toHaveLength(1)
    expect(await fixture.stages.begin({ contentId: id, stage: 'right', attempt: 1 }, 15)).toBeUndefined()
  })

  it('leaves no work behind of a content that failed, and all of it to a later try', async () => {
    const id = await fixture.accept()
    expect(await fixture.stageOf(id, 'right')).toMatchObject({ state: 'ready' })
    await fixture.stages.fail(
      await fixture.begin(id, 'left'),
      joiningPipeline[0]!.job,
      new ReeltagError('MEDIA_EMPTY', 'no bytes'),
    )
    expect(await fixture.stageOf(id, 'right')).toMatchObject({ state: 'waiting' })
    expect(await fixture.stageOf(id, 'left')).toMatchObject({ state: 'failed' })
    await fixture.stages.restart(id, { pack: 'other/1.0.0' })
    for (const stage of ['left', 'right'])
      await fixture.stages.complete(await fixture.begin(id, stage, 2), { output: {} })
    expect(await fixture.stageOf(id, 'join')).toMatchObject({ state: 'ready' })
  })

  it('does not wait for a modality that the content lacks', async () => {
    const id = await fixture.accept({ video: null })
    expect(await fixture.stageOf(id, 'left')).toBeUndefined()
    await fixture.stages.complete(await fixture.begin(id, 'right'), { output: {} })
    expect(await fixture.stageOf(id, 'join')).toMatchObject({ state: 'ready' })
  })

  it('re-tags a concluded content with raised attempts and a higher revision, and refuses a busy one', async () => {
    const id = await fixture.accept({ video: null })
    await expect(fixture.stages.restart(id, { pack: 'other/1.0.0' })).rejects.toMatchObject({ code: 'CONTENT_BUSY' })
    const conclude = async (attempt: number) => {
      await fixture.stages.complete(await fixture.begin(id, 'right', attempt), { output: {} })
      await fixture.stages.complete(await fixture.begin(id, 'join', attempt), { output: {}, contentState: 'in_review' })
    }
    await conclude(1)
    await fixture.stages.restart(id, { pack: 'other/1.0.0' })
    expect((await fixture.begin(id, 'right', 2)).pack).toBe('other/1.0.0')
    await fixture.db.query(`UPDATE stages SET state = 'queued' WHERE content_id = $1 AND stage = 'right'`, [id])
    await conclude(2)
    expect(await fixture.contentOf(id)).toMatchObject({ state: 'in_review', revision: 2 })
  })
})
