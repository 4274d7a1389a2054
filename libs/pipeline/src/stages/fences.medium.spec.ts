import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { contentFailedV1, ReeltagError, type Pipeline } from '@reeltag/contracts'
import { Database } from '@reeltag/platform'
import { joiningPipeline, PipelineFixture, silent } from '../pipeline.fixture.js'
import { Reaper } from '../leading/reaper.js'
import { recording } from './recording.js'
import { StageStore } from './stage.store.js'
import type { StageTask } from './stage-task.js'

const [left] = joiningPipeline
const job = left!.job
/** Besides the join a stage that needs the left side alone. */
const pipeline: Pipeline = [...joiningPipeline, { stage: 'next', job: { ...job, name: 'test.next' }, needs: ['left'] }]
const hopeless = new ReeltagError('MEDIA_EMPTY', 'no bytes')

let fixture: PipelineFixture
let effects: number[] = []
beforeAll(async () => {
  fixture = await PipelineFixture.open(pipeline)
})
afterAll(() => fixture.close())
beforeEach(() => void (effects = []))

const write = (_: unknown, revisions: readonly number[]) => Promise.resolve(void effects.push(...revisions))
const record = recording<number>(write, ({ revision }) => revision)
const events = () => [{ name: 'test.told.v1', data: {} }]
/** A finished stage that wants everything that one may want. */
const everything = { output: { by: 'it' }, contentState: 'published', record, events } as const
const toldOf = async (contentId: string, name = 'test.told.v1'): Promise<number[]> => {
  const rows = await fixture.db.query<{ revision: number }>(
    `SELECT revision FROM outbox WHERE content_id = $1 AND name = $2 ORDER BY id`,
    [contentId, name],
  )
  return rows.map(({ revision }) => revision)
}
const leaseSecondsOf = async (contentId: string): Promise<number> => {
  const [row] = await fixture.db.query<{ seconds: number }>(
    `SELECT extract(epoch FROM lease_until - now())::float8 AS seconds FROM stages WHERE content_id = $1 AND stage = 'left'`,
    [contentId],
  )
  return row?.seconds ?? 0
}

describe('an attempt whose lease ran out, while the next one runs', () => {
  let old: StageTask
  let current: StageTask
  beforeEach(async () => {
    const id = await fixture.accept()
    old = await fixture.begin(id, 'left')
    await fixture.db.query(
      `UPDATE stages SET lease_until = now() - interval '1 second' WHERE content_id = $1 AND stage = 'left'`,
      [id],
    )
    await new Reaper(fixture.db, fixture.outbox, pipeline, silent).work()
    current = await fixture.begin(id, 'left', 2)
  })
  const unharmed = async (): Promise<void> => {
    const { contentId } = current
    expect(await fixture.stageOf(contentId, 'left')).toEqual({ state: 'running', attempt: 2, failures: 0 })
    expect(await fixture.contentOf(contentId)).toEqual({ state: 'processing', revision: 0, error_code: null })
    expect(await fixture.stages.finish(current, { output: {} })).toBe(true)
  }

  it('finishes nothing, and none of its effects are seen', async () => {
    expect(await fixture.stages.finish(old, everything)).toBe(false)
    expect(effects).toEqual([])
    expect(await toldOf(old.contentId)).toEqual([])
    await unharmed()
  })

  it('fails nothing, neither for a while nor for good', async () => {
    expect(await fixture.stages.fail(old, job, new ReeltagError('INTERNAL', 'flaky'))).toBe(false)
    expect(await fixture.stages.fail(old, job, hopeless)).toBe(false)
    await unharmed()
  })

  it('renews nothing, and is told so', async () => {
    expect(await fixture.stages.renew([{ ...old, leaseSeconds: 600 }])).toEqual([])
    expect(await leaseSecondsOf(old.contentId)).toBeLessThan(16)
    await unharmed()
  })

  it('gives nothing back', async () => {
    await fixture.stages.handBack([old])
    await unharmed()
  })

  it('is not begun again, nor is the one that runs', async () => {
    for (const attempt of [1, 2]) expect(await fixture.stages.begin({ ...old, attempt }, 15)).toBeUndefined()
    await unharmed()
  })

  it('is not begun in the place of the one that waits', async () => {
    await fixture.stages.handBack([current])
    expect(await fixture.stages.begin(old, 15)).toBeUndefined()
    expect(await fixture.stages.begin(current, 15)).toBeUndefined()
    expect(await fixture.stages.begin({ ...current, attempt: 3 }, 15)).toBeDefined()
  })
})

describe('an attempt that has ended', () => {
  it('ends only once', async () => {
    const task = await fixture.begin(await fixture.accept(), 'left')
    expect(await fixture.stages.finish(task, { output: {} })).toBe(true)
    expect(await fixture.stages.finish(task, everything)).toBe(false)
    expect(await fixture.stages.fail(task, job, hopeless)).toBe(false)
    expect(await fixture.stages.renew([{ ...task, leaseSeconds: 15 }])).toEqual([])
    await fixture.stages.handBack([task])
    expect(await fixture.stageOf(task.contentId, 'left')).toMatchObject({ state: 'done', attempt: 1 })
    expect(await fixture.contentOf(task.contentId)).toEqual({ state: 'processing', revision: 0, error_code: null })
    expect(effects).toEqual([])
  })
})

describe('a lease', () => {
  it('lasts as long as was asked for, also when it is renewed', async () => {
    const task = await fixture.begin(await fixture.accept(), 'left')
    expect(Math.round(await leaseSecondsOf(task.contentId))).toBe(15)
    expect(await fixture.stages.renew([{ ...task, leaseSeconds: 40 }])).toHaveLength(1)
    expect(Math.round(await leaseSecondsOf(task.contentId))).toBe(40)
  })
})

describe('a content that a sibling has failed', () => {
  it('keeps the output of a stage that still ran, and has none of its effects', async () => {
    const id = await fixture.accept()
    const [running, failing] = [await fixture.begin(id, 'left'), await fixture.begin(id, 'right')]
    expect(await fixture.stages.fail(failing, job, hopeless)).toBe(true)
    expect(await fixture.stages.finish(running, everything)).toBe(true)
    expect(effects).toEqual([])
    expect(await toldOf(id)).toEqual([])
    expect(await fixture.contentOf(id)).toEqual({ state: 'failed', revision: 0, error_code: 'MEDIA_EMPTY' })
    expect(await fixture.stageOf(id, 'left')).toMatchObject({ state: 'done' })
    // Nothing goes on from there.
    expect(await fixture.stageOf(id, 'next')).toBeUndefined()
  })

  it('is begun by nobody, also where a stopping worker gives it back', async () => {
    const id = await fixture.accept()
    const [running, failing] = [await fixture.begin(id, 'left'), await fixture.begin(id, 'right')]
    await fixture.stages.fail(failing, job, hopeless)
    await fixture.stages.handBack([running])
    expect(await fixture.stages.begin({ ...running, attempt: 2 }, 15)).toBeUndefined()
  })

  it('fails once, and says so once, also where its stages fail at the same moment in two processes', async () => {
    const db = new Database(fixture.url, { poolMax: 4 })
    const other = new StageStore(db, fixture.outbox, pipeline)
    const told: number[] = []
    for (let round = 0; round < 40; round++) {
      const id = await fixture.accept()
      const [one, two] = [await fixture.begin(id, 'left'), await fixture.begin(id, 'right')]
      const failed = await Promise.all([fixture.stages.fail(one, job, hopeless), other.fail(two, job, hopeless)])
      expect(failed.filter(Boolean)).toHaveLength(1)
      told.push((await toldOf(id, contentFailedV1.name)).length)
    }
    await db.close()
    expect(told).toEqual(told.map(() => 1))
  })
})

describe('a state and its event', () => {
  it('become true together, with the revision that the conclusion gives', async () => {
    const id = await fixture.accept({ video: null })
    await fixture.stages.finish(await fixture.begin(id, 'right'), { output: {}, record, events })
    await fixture.stages.finish(await fixture.begin(id, 'join'), everything)
    expect(effects).toEqual([0, 1])
    expect(await toldOf(id)).toEqual([0, 1])
    expect(await fixture.contentOf(id)).toEqual({ state: 'published', revision: 1, error_code: null })
  })

  it('are both left undone where the event cannot be written', async () => {
    const id = await fixture.accept()
    const task = await fixture.begin(id, 'left')
    const row = recording<string>(
      async (tx, rows) =>
        void (await tx.query(`INSERT INTO inbox (consumer, event_id) VALUES ('test', $1)`, [...rows])),
      () => id,
    )
    const tooLarge = () => [...events(), { name: 'test.told.v1', data: 'x'.repeat(300_000) }]
    const finishing = fixture.stages.finish(task, { ...everything, record: row, events: tooLarge })
    await expect(finishing).rejects.toMatchObject({ code: 'EVENT_TOO_LARGE' })
    const failing = fixture.stages.fail(task, job, new ReeltagError('MEDIA_EMPTY', 'x'.repeat(300_000)))
    await expect(failing).rejects.toMatchObject({ code: 'EVENT_TOO_LARGE' })
    expect(await fixture.stageOf(id, 'left')).toEqual({ state: 'running', attempt: 1, failures: 0 })
    expect(await fixture.contentOf(id)).toEqual({ state: 'processing', revision: 0, error_code: null })
    expect(await fixture.db.query(`SELECT 1 FROM inbox WHERE event_id = $1`, [id])).toEqual([])
    expect(await toldOf(id)).toEqual([])
    expect(await toldOf(id, contentFailedV1.name)).toEqual([])
  })

  it('are both left undone where a content cannot be accepted with what it brings along', async () => {
    const failing = recording<number>(
      async (tx) => void (await tx.query('SELECT 1/0')),
      () => 0,
    )
    const before = await fixture.db.query(`SELECT (SELECT count(*) FROM contents), (SELECT count(*) FROM outbox) AS n`)
    await expect(fixture.accept({}, [failing])).rejects.toThrow(/division by zero/)
    expect(
      await fixture.db.query(`SELECT (SELECT count(*) FROM contents), (SELECT count(*) FROM outbox) AS n`),
    ).toEqual(before)
  })

  it('are there once where a content comes twice, with what it brings along', async () => {
    const { id } = await twice()
    expect(effects).toEqual([0])
    expect(await toldOf(id, 'content.submitted.v1')).toEqual([0])
  })

  /** The second is refused: its externalId is taken. */
  const twice = async (): Promise<{ id: string }> => {
    const id = await fixture.accept({ externalId: 'twice' }, [record])
    await fixture.accept({ externalId: 'twice' }, [record])
    return { id }
  }
})
