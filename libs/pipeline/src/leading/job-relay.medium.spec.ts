import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { QueueHolds } from '../queues/queue-holds.js'
import type { QueuedStage, Queues } from '../queues/queues.js'
import { joiningPipeline, PipelineFixture, silent } from '../pipeline.fixture.js'
import { JobRelay } from './job-relay.js'
import { Reaper } from './reaper.js'

describe('the relay of jobs', () => {
  let fixture: PipelineFixture
  let added: QueuedStage[] = []
  beforeAll(async () => {
    fixture = await PipelineFixture.open()
  })
  afterAll(() => fixture.close())
  beforeEach(async () => {
    added = []
    await fixture.db.query('DELETE FROM contents')
  })

  const relayTo = (add: (stages: readonly QueuedStage[]) => Promise<void>): JobRelay =>
    new JobRelay(
      fixture.db,
      { add: (_: unknown, stages: readonly QueuedStage[]) => add(stages) } as unknown as Queues,
      joiningPipeline,
    )
  const take = (stages: readonly QueuedStage[]): Promise<void> => Promise.resolve(void added.push(...stages))
  const backlog = (count: number) =>
    fixture.db.query(
      `WITH made AS (
         INSERT INTO contents (id, workspace_id, state, pack, submission, modalities, input_hash, priority)
         SELECT gen_random_uuid(), $1, 'processing', 'starter/2.0.0', '{}', '{text}', '', 10 FROM generate_series(1, ${count})
         RETURNING id)
       INSERT INTO stages (content_id, stage, state, priority, ready_at)
       SELECT id, 'right', 'ready', 10, now() - interval '1 hour' FROM made`,
      [fixture.workspaceId],
    )

  it('takes what somebody waits for before ten thousand that wait longer, also when it comes in the middle', async () => {
    await backlog(10_000)
    const early = await fixture.accept({ video: null })
    let late = ''
    const relay = relayTo(async (stages) => {
      if (late === '') late = await fixture.accept({ video: null })
      await take(stages)
    })
    await relay.work()
    expect(added).toHaveLength(10_002)
    expect(added.findIndex(({ contentId }) => contentId === early)).toBe(0)
    expect(added.findIndex(({ contentId }) => contentId === late)).toBeLessThan(512)
    expect(added.filter(({ priority }) => priority === 10)).toHaveLength(10_000)
  })

  it('adds nothing to a queue that is held, and everything when it no longer is', async () => {
    const holds = new QueueHolds(fixture.db, joiningPipeline)
    const id = await fixture.accept()
    await holds.set('left', 'paused')
    await relayTo(take).work()
    expect(added.map(({ stage }) => stage)).toEqual(['right'])
    expect(await fixture.stageOf(id, 'left')).toMatchObject({ state: 'ready' })
    await holds.set('left', 'running')
    await relayTo(take).work()
    expect(added.map(({ stage }) => stage)).toEqual(['right', 'left'])
  })

  it('keeps the age of a stage whose job was mislaid', async () => {
    const id = await fixture.accept({ video: null })
    await relayTo(take).work()
    const aged = `UPDATE stages SET ready_at = now() - interval '1 hour', queued_at = now() - interval '1 hour' WHERE content_id = $1`
    await fixture.db.query(aged, [id])
    await new Reaper(fixture.db, fixture.outbox, joiningPipeline, silent).work()
    await relayTo(take).work()
    const [row] = await fixture.db.query(
      `SELECT state, ready_at < now() - interval '59 minutes' AS old FROM stages WHERE content_id = $1`,
      [id],
    )
    expect(row).toEqual({ state: 'queued', old: true })
    expect(added).toHaveLength(2)
  })

  it('counts a stage as queued only when the queue has it', async () => {
    const id = await fixture.accept({ video: null })
    const away = relayTo(() => Promise.reject(new Error('Redis is away')))
    await expect(away.work()).rejects.toThrow(/away/)
    expect(await fixture.stageOf(id, 'right')).toMatchObject({ state: 'ready' })
    await relayTo(take).work()
    expect(await fixture.stageOf(id, 'right')).toMatchObject({ state: 'queued' })
  })

  it('adds no stage before the pause after its failure is over', async () => {
    const id = await fixture.accept({ video: null })
    await fixture.db.query(`UPDATE stages SET ready_at = now() + interval '1 minute' WHERE content_id = $1`, [id])
    await relayTo(take).work()
    expect(added).toEqual([])
  })

  it('leaves a stage alone that a quick worker begins before it is marked, and the attempt that follows it', async () => {
    const [quick, quicker] = [await fixture.accept({ video: null }), await fixture.accept({ video: null })]
    await relayTo(async (stages) => {
      await take(stages)
      await fixture.begin(quick, 'right')
      await fixture.stages.handBack([await fixture.begin(quicker, 'right')])
    }).work()
    expect(await fixture.stageOf(quick, 'right')).toMatchObject({ state: 'running', attempt: 1 })
    // Its job is not in the queue yet.
    expect(await fixture.stageOf(quicker, 'right')).toMatchObject({ state: 'ready', attempt: 2 })
  })
})
