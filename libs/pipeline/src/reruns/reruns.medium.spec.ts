import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { newId } from '@reeltag/platform'
import { addWorkspace } from '@reeltag/testing'
import { joiningPipeline, PipelineFixture, silent } from '../pipeline.fixture.js'
import { Rerunner } from './rerunner.js'
import { Reruns } from './reruns.js'

const pack = 'starter/2.0.0'

describe('reruns', () => {
  let fixture: PipelineFixture
  let reruns: Reruns
  let rerunner: Rerunner
  beforeAll(async () => {
    fixture = await PipelineFixture.open()
    reruns = new Reruns(fixture.db, joiningPipeline)
    rerunner = new Rerunner(fixture.db, joiningPipeline, silent)
  })
  afterAll(() => fixture.close())
  beforeEach(async () => {
    await fixture.db.query(`DELETE FROM contents`)
    await fixture.db.query(`DELETE FROM reruns`)
  })

  /** Contents that have gone through the pipeline, as far as a rerun can see. */
  const concluded = async (count: number, state = 'published'): Promise<string[]> => {
    const ids = await Promise.all(Array.from({ length: count }, () => fixture.accept()))
    await fixture.db.query(`UPDATE stages SET state = 'done' WHERE content_id = ANY($1::uuid[])`, [ids])
    await fixture.db.query(`UPDATE contents SET state = $2, revision = 1 WHERE id = ANY($1::uuid[])`, [ids, state])
    return ids.sort()
  }
  const predict = (ids: readonly string[], by = pack) =>
    fixture.db.query(
      `INSERT INTO predictions (id, content_id, workspace_id, revision, decision, tags, versions, input_hash, attempt)
       SELECT gen_random_uuid(), id, $2, 1, 'published', '[]', jsonb_build_object('pack', $3::text), '', 1
       FROM unnest($1::uuid[]) AS d(id)`,
      [ids, fixture.workspaceId, by],
    )
  const fail = async (ids: readonly string[], stage: string, code: string) => {
    await fixture.db.query(`UPDATE contents SET state = 'failed', error_code = $2 WHERE id = ANY($1::uuid[])`, [
      ids,
      code,
    ])
    await fixture.db.query(
      `UPDATE stages SET state = 'failed', error_code = $3 WHERE content_id = ANY($1::uuid[]) AND stage = $2`,
      [ids, stage, code],
    )
  }
  const underWay = async (): Promise<string[]> => {
    const rows = await fixture.db.query<{ id: string }>(
      `SELECT id FROM contents WHERE state = 'processing' ORDER BY id`,
    )
    return rows.map(({ id }) => id)
  }
  /** Leads for some rounds, with room in the queues. */
  const lead = async (rounds = 5): Promise<void> => {
    for (let round = 0; round < rounds; round++) {
      await rerunner.work()
      await fixture.db.query(
        `UPDATE stages SET state = 'running', lease_until = now() + interval '1 hour' WHERE state = 'ready'`,
      )
    }
  }

  it('of what is missing leave out what has a prediction of the pack in force, and what failed for good', async () => {
    const [done, old, exhausted, broken] = await Promise.all([concluded(3), concluded(3), concluded(2), concluded(2)])
    await predict(done)
    await predict(old, 'starter/0.9.0')
    await fail(exhausted, 'left', 'STAGE_EXHAUSTED')
    await fail(broken, 'left', 'MEDIA_UNDECODABLE')
    const { id } = await reruns.start(fixture.workspaceId, { contents: 'missing' })
    await lead()
    expect(await underWay()).toEqual([...old, ...exhausted].sort())
    const progress = { state: 'done', total: 10, examined: 10, restarted: 5, postponed: 0, pack }
    expect(await reruns.find(fixture.workspaceId, id)).toMatchObject(progress)
    const ranks = await fixture.db.query(`SELECT DISTINCT priority FROM stages WHERE content_id = ANY($1::uuid[])`, [
      old,
    ])
    expect(ranks).toEqual([{ priority: 10 }])
  })

  it('of everything restart each content once, in bounded batches, however many lead and however often one dies', async () => {
    const ids = await concluded(700)
    const { id } = await reruns.start(fixture.workspaceId, { contents: 'all' })
    // The first transaction that restarts contents is lost with its process.
    const { db } = fixture
    const dying = Object.assign(Object.create(db) as typeof db, {
      transaction: ((run, options) =>
        db.transaction(async (tx) => {
          await run(tx)
          throw new Error('killed before the commit')
        }, options)) as typeof db.transaction,
    })
    await expect(new Rerunner(dying, joiningPipeline, silent).work()).rejects.toThrow(/killed/)
    expect(await underWay()).toEqual([])
    const other = new Rerunner(db, joiningPipeline, silent)
    await Promise.all([rerunner.work(), other.work()])
    const waiting = (await underWay()).length
    expect(waiting).toBeGreaterThan(0)
    // Two root stages each: about 500 contents are as much as may wait.
    expect(waiting).toBeLessThanOrEqual(900)
    for (let round = 0; round < 5; round++) await Promise.all([lead(1), other.work()])
    expect(await underWay()).toEqual(ids)
    const attempts = await db.query(
      `SELECT attempt, count(*)::int AS n FROM stages WHERE stage = 'left' GROUP BY attempt`,
    )
    expect(attempts).toEqual([{ attempt: 2, n: 700 }])
    expect(await reruns.find(fixture.workspaceId, id)).toMatchObject({ state: 'done', examined: 700, restarted: 700 })
  })

  it('do not make more work than may wait at once', async () => {
    await concluded(1_300)
    await reruns.start(fixture.workspaceId, { contents: 'all' })
    for (let turn = 0; turn < 3; turn++) await rerunner.work()
    expect((await underWay()).length).toBeLessThanOrEqual(700)
  })

  it('of failures take the stage, the queue and the codes that were asked for', async () => {
    const [exhausted, elsewhere, broken] = await Promise.all([concluded(2), concluded(2), concluded(2)])
    await fail(exhausted, 'left', 'STAGE_EXHAUSTED')
    await fail(elsewhere, 'right', 'INTERNAL')
    await fail(broken, 'left', 'MEDIA_TOO_LONG')
    await reruns.start(fixture.workspaceId, { contents: 'failed', queue: 'left' })
    await lead()
    expect(await underWay()).toEqual(exhausted)
    await reruns.start(fixture.workspaceId, { contents: 'failed', codes: ['MEDIA_TOO_LONG'] })
    await lead()
    expect(await underWay()).toEqual([...exhausted, ...broken].sort())
    await reruns.start(fixture.workspaceId, { contents: 'failed' })
    await lead()
    expect(await underWay()).toEqual([...exhausted, ...broken, ...elsewhere].sort())
    expect(await fixture.contentOf(exhausted[0] ?? '')).toMatchObject({ state: 'processing', error_code: null })
  })

  it('leave alone what is being tagged with this pack, and take what is being tagged with another at the end', async () => {
    const [same, other] = [await fixture.accept(), await fixture.accept({ pack: 'starter/0.9.0' })]
    const { id } = await reruns.start(fixture.workspaceId, { contents: 'all' })
    await lead()
    const state = () => reruns.find(fixture.workspaceId, id)
    expect(await state()).toMatchObject({ state: 'running', restarted: 0, postponed: 1, examined: 2 })
    await fixture.db.query(`UPDATE contents SET state = 'published' WHERE id = ANY($1::uuid[])`, [[same, other]])
    await lead()
    expect(await state()).toMatchObject({ state: 'done', restarted: 1, postponed: 0 })
    expect(await underWay()).toEqual([other])
  })

  it('are one when asked for twice, belong to a workspace, and can be stopped', async () => {
    const ids = await concluded(3)
    const [first, second] = await Promise.all([
      reruns.start(fixture.workspaceId, { contents: 'all' }),
      reruns.start(fixture.workspaceId, { contents: 'all' }),
    ])
    expect(second.id).toBe(first.id)
    const stranger = await addWorkspace(fixture.db, { pack })
    expect(await reruns.find(stranger, first.id)).toBeUndefined()
    expect(await reruns.stop(stranger, first.id)).toBeUndefined()
    expect(await reruns.list(stranger, 10, undefined)).toEqual([])
    const theirs = await reruns.start(stranger, { contents: 'all' })
    expect(theirs.total).toBe(0)
    expect(await reruns.stop(fixture.workspaceId, first.id)).toMatchObject({ state: 'stopped' })
    await lead()
    expect(await underWay()).toEqual([])
    expect(await reruns.find(stranger, theirs.id)).toMatchObject({ state: 'done', examined: 0 })
    await expect(reruns.start(newId(), { contents: 'all' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(ids).toHaveLength(3)
  })

  it('end when another pack comes into force: its results would be the newer ones', async () => {
    await concluded(3)
    const { id } = await reruns.start(fixture.workspaceId, { contents: 'all' })
    await fixture.db.query(`UPDATE workspaces SET pack = 'starter/3.0.0' WHERE id = $1`, [fixture.workspaceId])
    await lead()
    expect(await reruns.find(fixture.workspaceId, id)).toMatchObject({ state: 'superseded', restarted: 0 })
    await fixture.db.query(`UPDATE workspaces SET pack = $2 WHERE id = $1`, [fixture.workspaceId, pack])
  })
})
