import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ReeltagError } from '@reeltag/contracts'
import { Database } from '@reeltag/platform'
import { joiningPipeline, PipelineFixture } from '../pipeline.fixture.js'
import { recording } from './recording.js'
import { StageStore } from './stage.store.js'

describe('StageStore', () => {
  let fixture: PipelineFixture
  beforeAll(async () => {
    fixture = await PipelineFixture.open()
  })
  afterAll(() => fixture.close())

  /**
   * Runs with the store of a second process, which shares no connection with the first. What is to meet must come one
   * content at a time: commits that share a group keep the two apart.
   */
  const inTwoProcesses = async (run: (other: StageStore) => Promise<void>): Promise<void> => {
    const db = new Database(fixture.url, { poolMax: 4 })
    await run(new StageStore(db, fixture.outbox, joiningPipeline)).finally(() => db.close())
  }
  /** Seconds from now until a worker may be given the stage. */
  const pauseOf = async (id: string): Promise<number> => {
    const [row] = await fixture.db.query<{ seconds: number }>(
      `SELECT extract(epoch FROM ready_at - now())::float8 AS seconds FROM stages WHERE content_id = $1 AND stage = 'left'`,
      [id],
    )
    return row?.seconds ?? 0
  }

  it('starts the join exactly once where both sides finish at the same moment, in two processes', async () => {
    const ids: string[] = []
    const unjoined: string[] = []
    await inTwoProcesses(async (other) => {
      for (let round = 0; round < 100; round++) {
        const id = await fixture.accept()
        const [left, right] = [await fixture.begin(id, 'left'), await fixture.begin(id, 'right')]
        await Promise.all([
          fixture.stages.finish(left, { output: { side: 'left' } }),
          other.finish(right, { output: { side: 'right' } }),
        ])
        ids.push(id)
        if ((await fixture.stageOf(id, 'join'))?.state !== 'ready') unjoined.push(id)
      }
    })
    expect(unjoined).toEqual([])
    const joins = await Promise.all(ids.map((id) => fixture.begin(id, 'join')))
    expect(joins.every(({ outputs }) => 'left' in outputs && 'right' in outputs)).toBe(true)
    await Promise.all(
      joins.map((task) => fixture.stages.finish(task, { output: {}, contentState: 'published', durable: true })),
    )
    const [results] = await fixture.db.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM contents WHERE state = 'published' AND revision = 1 AND id = ANY($1::uuid[])`,
      [ids],
    )
    expect(results?.n).toBe(100)
  })

  it('waits with the join for the second side, however long it runs', async () => {
    const id = await fixture.accept()
    const [left, right] = [await fixture.begin(id, 'left'), await fixture.begin(id, 'right')]
    await fixture.stages.finish(left, { output: {} })
    expect(await fixture.stageOf(id, 'join')).toBeUndefined()
    await fixture.stages.finish(right, { output: {} })
    expect(await fixture.stageOf(id, 'join')).toMatchObject({ state: 'ready' })
  })

  it('lets only one of two processes begin the same attempt', async () => {
    const begun: number[] = []
    await inTwoProcesses(async (other) => {
      for (let round = 0; round < 100; round++) {
        const key = { contentId: await fixture.accept(), stage: 'left', attempt: 1 }
        const answers = await Promise.all([fixture.stages.begin(key, 15), other.begin(key, 15)])
        begun.push(answers.filter((task) => task !== undefined).length)
      }
    })
    expect(begun).toEqual(begun.map(() => 1))
  })

  it('lets only one of two processes tag a content again', async () => {
    const restarted: number[] = []
    await inTwoProcesses(async (other) => {
      for (let round = 0; round < 40; round++) {
        const id = await fixture.accept()
        await fixture.db.query(`UPDATE contents SET state = 'published' WHERE id = $1`, [id])
        const asked = [fixture.stages, other].map((store) => store.restart(id, { pack: 'other/1.0.0' }))
        const answers = await Promise.allSettled(asked)
        restarted.push(answers.filter(({ status }) => status === 'fulfilled').length)
        const refused = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []))
        expect(refused).toMatchObject(refused.map(() => ({ code: 'CONTENT_BUSY' })))
        expect(await fixture.stageOf(id, 'left')).toMatchObject({ state: 'ready', attempt: 2 })
      }
    })
    expect(restarted).toEqual(restarted.map(() => 1))
  })

  it('keeps the neighbours of a stage whose record fails', async () => {
    const [bad, good] = [await fixture.accept(), await fixture.accept()]
    const tasks = [await fixture.begin(bad, 'left'), await fixture.begin(good, 'left')] as const
    const fails = fixture.stages.finish(tasks[0], {
      output: {},
      record: recording(
        (tx) => tx.query('SELECT 1/0').then(() => undefined),
        () => ({}),
      ),
    })
    const works = fixture.stages.finish(tasks[1], { output: {} })
    await expect(fails).rejects.toThrow(/division by zero/)
    expect(await works).toBe(true)
    expect(await fixture.stageOf(bad, 'left')).toMatchObject({ state: 'running' })
  })

  it('tries a retryable failure again as a new attempt after a growing pause, and ends with STAGE_EXHAUSTED', async () => {
    const id = await fixture.accept()
    const definition = joiningPipeline[0]!.job
    const pauses: number[] = []
    for (const attempt of [1, 2, 3]) {
      const failed = await fixture.stages.fail(
        await fixture.begin(id, 'left', attempt),
        definition,
        new ReeltagError('INTERNAL', 'flaky'),
      )
      expect(failed).toBe(attempt === 3)
      if (!failed) pauses.push(await pauseOf(id))
    }
    expect(pauses.map(Math.round)).toEqual([1, 2])
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
    const definition = joiningPipeline[0]!.job
    await fixture.stages.fail(await fixture.begin(id, 'left'), definition, new ReeltagError('INTERNAL', 'flaky'))
    const last = await fixture.begin(id, 'left', 2)
    await fixture.stages.fail(last, definition, new ReeltagError('MEDIA_EMPTY', 'no bytes'))
    expect(await fixture.stageOf(id, 'right')).toMatchObject({ state: 'waiting' })
    expect(await fixture.stageOf(id, 'left')).toMatchObject({ state: 'failed' })
    await fixture.stages.restart(id, { pack: 'other/1.0.0' })
    // What it failed with before does not count against the new run.
    expect(await fixture.stageOf(id, 'left')).toEqual({ state: 'ready', attempt: 3, failures: 0 })
    for (const [stage, attempt] of [
      ['left', 3],
      ['right', 2],
    ] as const)
      await fixture.stages.finish(await fixture.begin(id, stage, attempt), { output: {} })
    expect(await fixture.stageOf(id, 'join')).toMatchObject({ state: 'ready' })
  })

  it('does not wait for a modality that the content lacks', async () => {
    const id = await fixture.accept({ video: null })
    expect(await fixture.stageOf(id, 'left')).toBeUndefined()
    await fixture.stages.finish(await fixture.begin(id, 'right'), { output: {} })
    expect(await fixture.stageOf(id, 'join')).toMatchObject({ state: 'ready' })
  })

  it('re-tags a concluded content with raised attempts and a higher revision, and refuses a busy one', async () => {
    const id = await fixture.accept({ video: null })
    await expect(fixture.stages.restart(id, { pack: 'other/1.0.0' })).rejects.toMatchObject({ code: 'CONTENT_BUSY' })
    const conclude = async (attempt: number) => {
      await fixture.stages.finish(await fixture.begin(id, 'right', attempt), { output: {} })
      await fixture.stages.finish(await fixture.begin(id, 'join', attempt), { output: {}, contentState: 'in_review' })
    }
    await conclude(1)
    await fixture.stages.restart(id, { pack: 'other/1.0.0' })
    expect((await fixture.begin(id, 'right', 2)).pack).toBe('other/1.0.0')
    await fixture.db.query(`UPDATE stages SET state = 'queued' WHERE content_id = $1 AND stage = 'right'`, [id])
    await conclude(2)
    expect(await fixture.contentOf(id)).toMatchObject({ state: 'in_review', revision: 2 })
  })
})
