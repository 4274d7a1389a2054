import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { PipelineFixture, silent } from '../pipeline.fixture.js'
import { Reaper } from './reaper.js'

describe('Reaper', () => {
  let fixture: PipelineFixture
  beforeAll(async () => {
    fixture = await PipelineFixture.open()
  })
  afterAll(() => fixture.close())

  it('gives the attempt of a vanished worker to another, and refuses the first when it comes back', async () => {
    const reaper = new Reaper(fixture.db, fixture.outbox, fixture.pipeline, silent)
    const id = await fixture.accept()
    const first = await fixture.begin(id, 'left')
    await reaper.work()
    expect(await fixture.stageOf(id, 'left')).toMatchObject({ state: 'running', attempt: 1 })
    await fixture.db.query(
      `UPDATE stages SET lease_until = now() - interval '1 second' WHERE content_id = $1 AND stage = 'left'`,
      [id],
    )
    await reaper.work()
    const second = await fixture.begin(id, 'left', 2)
    expect(await fixture.stages.finish(first, { output: { by: 'first' } })).toBe(false)
    expect(await fixture.stages.finish(second, { output: { by: 'second' } })).toBe(true)
  })

  it('reaches a lapsed stage behind however many that failed contents left running', async () => {
    const reaper = new Reaper(fixture.db, fixture.outbox, fixture.pipeline, silent)
    const [failed, id] = [await fixture.accept(), await fixture.accept()]
    await fixture.begin(id, 'left')
    await fixture.db.query(
      `UPDATE stages SET lease_until = now() - interval '1 second' WHERE content_id = $1 AND stage = 'left'`,
      [id],
    )
    await fixture.db.query(`UPDATE contents SET state = 'failed' WHERE id = $1`, [failed])
    await fixture.db.query(
      `INSERT INTO stages (content_id, stage, state, lease_until)
       SELECT $1, 'left-' || n, 'running', now() - interval '1 hour' FROM generate_series(1, 300) AS n`,
      [failed],
    )
    await reaper.work()
    expect(await fixture.stageOf(id, 'left')).toMatchObject({ state: 'ready', attempt: 2 })
    await fixture.db.query(`DELETE FROM stages WHERE content_id = $1`, [failed])
  })

  it('ends a content whose stages take their workers along, with a code and one event', async () => {
    const reaper = new Reaper(fixture.db, fixture.outbox, fixture.pipeline, silent)
    const id = await fixture.accept()
    for (let attempt = 1; attempt <= 10; attempt++) {
      expect(await fixture.contentOf(id)).toMatchObject({ state: 'processing' })
      await fixture.begin(id, 'left', attempt)
      await fixture.begin(id, 'right', attempt)
      await fixture.db.query(`UPDATE stages SET lease_until = now() - interval '1 second' WHERE content_id = $1`, [id])
      await reaper.work()
    }
    expect(await fixture.contentOf(id)).toMatchObject({ state: 'failed', error_code: 'STAGE_EXHAUSTED' })
    const told = `SELECT 1 FROM outbox WHERE content_id = $1 AND name = 'content.failed.v1'`
    expect(await fixture.db.query(told, [id])).toHaveLength(1)
  })

  it('brings back jobs that the queue lost, and stages that should exist and do not, each when its time is over', async () => {
    const reaper = new Reaper(fixture.db, fixture.outbox, fixture.pipeline, silent)
    const [lost, waiting, missing, early] = await Promise.all(Array.from({ length: 4 }, () => fixture.accept()))
    const queued = `UPDATE stages SET state = 'queued', queued_at = now() - $2 * interval '1 second' WHERE content_id = $1`
    const idle = `UPDATE contents SET updated_at = now() - $2 * interval '1 second' WHERE id = $1`
    await fixture.db.query(queued, [lost, 62])
    await fixture.db.query(queued, [waiting, 50])
    await fixture.db.query(`DELETE FROM stages WHERE content_id = ANY($1::uuid[])`, [[missing, early]])
    await fixture.db.query(idle, [missing, 32])
    await fixture.db.query(idle, [early, 20])
    await reaper.work()
    expect(await fixture.stageOf(lost!, 'left')).toMatchObject({ state: 'ready', attempt: 1 })
    expect(await fixture.stageOf(waiting!, 'left')).toMatchObject({ state: 'queued', attempt: 1 })
    expect(await fixture.stageOf(missing!, 'right')).toMatchObject({ state: 'ready' })
    expect(await fixture.stageOf(early!, 'right')).toBeUndefined()
  })
})
