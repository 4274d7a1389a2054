import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { Publish } from '@reeltag/contracts'
import { newId, type Database } from '@reeltag/platform'
import { RedecisionsFixture } from './redecisions.fixture.js'

const never: Publish = { kind: 'never', because: 'a test' }
const sure: Publish = { kind: 'threshold', at: 0.5 }

describe('redecisions', () => {
  let fixture: RedecisionsFixture
  let workspaceId: string
  beforeAll(async () => void (fixture = await RedecisionsFixture.open()))
  beforeEach(async () => {
    await fixture.db.query(`UPDATE redecisions SET state = 'stopped' WHERE state = 'running'`)
    workspaceId = await fixture.addWorkspace()
  })
  afterAll(() => fixture.close())

  const progress = (id: string) => fixture.redecisions.find(workspaceId, id)
  const order = async (publish: Publish) =>
    fixture.begun(workspaceId, (await fixture.inForce(workspaceId, publish)).ref)

  it('give what is decided otherwise a revision, and say what it supersedes', async () => {
    const [id = ''] = await fixture.tagged(workspaceId, 1)
    const unsure = await fixture.tagged(workspaceId, 1, { logit: 0 })
    const policy = await fixture.inForce(workspaceId, never)
    const begun = await fixture.begun(workspaceId, policy.id)
    expect(begun).toMatchObject({ policy: policy.ref, state: 'running', total: 2, examined: 0, actor: 'li' })
    await fixture.work()
    expect(await progress(begun.id)).toMatchObject({
      state: 'done',
      examined: 2,
      changed: 1,
      unchanged: 1,
      undecidable: {},
    })
    expect(await fixture.states(workspaceId)).toEqual({ 'in_review 2': 1, 'in_review 1': 1 })
    const [first, second] = await fixture.results(id)
    expect(first).toMatchObject({ decision: 'published', scored: true })
    expect(second).toMatchObject({ decision: 'review', scored: true, versions: { vision: 'v/1', policy: policy.ref } })
    const supersedes = { revision: 1, predictionId: first?.id }
    const common = { revision: 2, data: { predictionId: second?.id, supersedes } }
    expect(await fixture.events(id)).toMatchObject([
      { name: 'tags.predicted.v1', ...common },
      // Nothing is published any more, which readers of this event alone have to hear.
      { name: 'tags.published.v1', ...common, data: { tags: [] } },
      { name: 'review.requested.v1', ...common, data: { reason: 'uncertain' } },
    ])
    expect(await fixture.events(unsure[0] ?? '')).toEqual([])
  })

  it('come back to what was before, where the pack decides by itself again', async () => {
    const [id = ''] = await fixture.tagged(workspaceId, 1)
    const policy = await fixture.inForce(workspaceId, never)
    await fixture.begun(workspaceId, policy.ref)
    await fixture.work()
    await fixture.retire(workspaceId, policy.id)
    const { id: back } = await fixture.begun(workspaceId, null)
    await fixture.work()
    expect(await progress(back)).toMatchObject({ policy: null, state: 'done', changed: 1 })
    const [first, second, third] = await fixture.results(id)
    expect(third).toMatchObject({ revision: 3, decision: first?.decision, tags: first?.tags })
    expect(third?.versions).toEqual(first?.versions)
    expect((await fixture.events(id)).slice(3)).toMatchObject([
      { name: 'tags.predicted.v1', data: { supersedes: { revision: 2, predictionId: second?.id } } },
      { name: 'tags.published.v1', data: { supersedes: { revision: 2, predictionId: second?.id } } },
    ])
    expect(await fixture.states(workspaceId)).toEqual({ 'published 3': 1 })
  })

  it('lose nothing and do nothing twice when killed in the middle, however many work', async () => {
    await fixture.tagged(workspaceId, 1_200)
    const { id } = await order(never)
    const { db } = fixture
    let written = 0
    const dying = Object.assign(Object.create(db) as Database, {
      transaction: ((run, options) =>
        db.transaction(async (tx) => {
          const result = await run(tx)
          if (++written === 2) throw new Error('killed before the commit')
          return result
        }, options)) as Database['transaction'],
    })
    await expect(fixture.redecider(dying).work()).rejects.toThrow(/killed/)
    expect(await fixture.states(workspaceId)).toEqual({ 'in_review 2': 500, 'published 1': 700 })
    await fixture.tell()
    await Promise.all([fixture.work(), fixture.work()])
    expect(await progress(id)).toMatchObject({ state: 'done', examined: 1_200, changed: 1_200 })
    expect(await fixture.states(workspaceId)).toEqual({ 'in_review 2': 1_200 })
    const told = await db.query(
      `SELECT name, count(*)::int AS events, count(DISTINCT content_id)::int AS contents FROM outbox
       WHERE workspace_id = $1 GROUP BY name ORDER BY name`,
      [workspaceId],
    )
    expect(told).toEqual(
      ['review.requested.v1', 'tags.predicted.v1', 'tags.published.v1'].map((name) => ({
        name,
        events: 1_200,
        contents: 1_200,
      })),
    )
  })

  it('end when another policy or pack comes into force', async () => {
    await fixture.tagged(workspaceId, 600)
    const { id } = await order(never)
    const { db } = fixture
    const interrupted = Object.assign(Object.create(db) as Database, {
      transaction: (async (run, options) => {
        const result = await db.transaction(run, options)
        if ((await fixture.states(workspaceId))['in_review 2'] === 500) await fixture.inForce(workspaceId, sure)
        return result
      }) as Database['transaction'],
    })
    await fixture.work(fixture.redecider(interrupted))
    expect(await progress(id)).toMatchObject({ state: 'superseded', changed: 500, finished_at: expect.any(Date) })
    expect(await fixture.states(workspaceId)).toEqual({ 'in_review 2': 500, 'published 1': 100 })
    const { id: next } = await fixture.begun(workspaceId, (await fixture.policies.active(workspaceId))?.ref ?? null)
    await db.query(`UPDATE workspaces SET pack = 'other/1.0.0' WHERE id = $1`, [workspaceId])
    await fixture.work()
    expect(await progress(next)).toMatchObject({ state: 'superseded', changed: 0 })
  })

  it('take what is being tagged at the end, and leave alone what will be decided by what is in force', async () => {
    const [again = '', locked = ''] = await fixture.tagged(workspaceId, 2)
    const [waiting = '', deciding = ''] = await fixture.tagged(workspaceId, 2)
    const { db } = fixture
    await db.query(`DELETE FROM predictions WHERE content_id = ANY($1::uuid[])`, [[waiting, deciding]])
    await db.query(`UPDATE contents SET revision = 0 WHERE id = ANY($1::uuid[])`, [[waiting, deciding]])
    const state = (ids: string[], to: string) =>
      db.query(`UPDATE contents SET state = $2 WHERE id = ANY($1::uuid[])`, [ids, to])
    await state([again, waiting, deciding], 'processing')
    await db.query(
      `INSERT INTO stages (content_id, stage, state) VALUES ($1, 'classify', 'running'), ($2, 'classify', 'ready')`,
      [deciding, waiting],
    )
    const { id } = await order(never)
    await db.transaction(
      async (tx) => {
        await tx.query(`SELECT 1 FROM contents WHERE id = $1 FOR UPDATE`, [locked])
        await fixture.work()
      },
      { durable: false },
    )
    expect(await progress(id)).toMatchObject({
      state: 'running',
      examined: 4,
      changed: 0,
      without_result: 1,
      postponed: 3,
    })
    // The one that was tagged again was decided by what was in force before.
    await state([again], 'published')
    await state([deciding], 'failed')
    await fixture.work()
    expect(await progress(id)).toMatchObject({
      state: 'done',
      examined: 4,
      changed: 2,
      without_result: 2,
      postponed: 0,
    })
    expect((await fixture.results(again)).map(({ revision }) => revision)).toEqual([1, 2])
    expect((await fixture.results(locked)).map(({ revision }) => revision)).toEqual([1, 2])
  })

  it('wait until nobody decides by what was in force before', async () => {
    await fixture.tagged(workspaceId, 1)
    const { ref } = await fixture.inForce(workspaceId, never)
    const { id } = await fixture.redecisions.start({ workspaceId, actor: 'li' }, ref)
    expect(await fixture.redecider().work()).toBe(false)
    expect(await progress(id)).toMatchObject({ state: 'running', examined: 0 })
  })

  it('count what cannot be decided, by reason, and leave it as it is', async () => {
    await fixture.tagged(workspaceId, 3, { kept: false })
    await fixture.tagged(workspaceId, 2, { of: 'starter/0.9.0' })
    await fixture.tagged(workspaceId, 1, { of: 'starter/0.9.0', kept: false })
    await fixture.tagged(workspaceId, 1, { facets: ['motion'] })
    const { id } = await order(never)
    await fixture.work()
    expect(await progress(id)).toMatchObject({
      state: 'done',
      examined: 7,
      changed: 0,
      undecidable: { 'scores-missing': 3, 'other-pack': 3, MODEL_MISMATCH: 1 },
    })
    expect(await fixture.states(workspaceId)).toEqual({ 'published 1': 7 })
  })

  it('leave what a person said', async () => {
    const [id = ''] = await fixture.tagged(workspaceId, 1)
    await fixture.db.query(`UPDATE predictions SET origin = '{"kind": "review"}' WHERE content_id = $1`, [id])
    const { id: ordered } = await order(never)
    await fixture.work()
    expect(await progress(ordered)).toMatchObject({ state: 'done', changed: 0, undecidable: { reviewed: 1 } })
    expect(await fixture.states(workspaceId)).toEqual({ 'published 1': 1 })
  })

  it('keep a failed content failed, and decide its visible result', async () => {
    const [id = ''] = await fixture.tagged(workspaceId, 1)
    await fixture.db.query(`UPDATE contents SET state = 'failed', error_code = 'MEDIA_UNDECODABLE' WHERE id = $1`, [id])
    await order(never)
    await fixture.work()
    expect(await fixture.states(workspaceId)).toEqual({ 'failed 2': 1 })
  })

  it('stay in their workspace', async () => {
    const stranger = await fixture.addWorkspace()
    await fixture.tagged(stranger, 2)
    await fixture.tagged(workspaceId, 1)
    const { id } = await order(never)
    await fixture.work()
    expect(await fixture.states(stranger)).toEqual({ 'published 1': 2 })
    expect(await fixture.redecisions.find(stranger, id)).toBeUndefined()
    expect(await fixture.redecisions.stop(stranger, id)).toBeUndefined()
    expect(await fixture.redecisions.list(stranger, 10, undefined)).toEqual([])
    const [first] = await fixture.redecisions.list(workspaceId, 10, undefined)
    expect(first).toMatchObject({ id, state: 'done' })
  })

  it('are one when asked for twice, can be stopped, and need what is in force', async () => {
    await fixture.tagged(workspaceId, 2)
    const start = (policy: string | null) => fixture.redecisions.start({ workspaceId, actor: 'li' }, policy)
    const policy = await fixture.inForce(workspaceId, never)
    const [one, other] = await Promise.all([start(policy.ref), start(policy.id)])
    expect(other.id).toBe(one.id)
    await expect(start(null)).rejects.toMatchObject({
      code: 'POLICY_CONFLICT',
      message: expect.stringContaining(policy.ref),
    })
    await expect(start('nobody/9')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(fixture.redecisions.start({ workspaceId: newId(), actor: 'li' }, null)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    expect(await fixture.redecisions.stop(workspaceId, one.id)).toMatchObject({ state: 'stopped' })
    await fixture.work()
    expect(await fixture.states(workspaceId)).toEqual({ 'published 1': 2 })
    const again = await start(policy.ref)
    expect(again.id).not.toBe(one.id)
    // Another one in force: what is running decides by what is not.
    const next = await fixture.inForce(workspaceId, sure)
    const newer = await start(next.ref)
    expect(newer.id).not.toBe(again.id)
    expect(await progress(again.id)).toMatchObject({ state: 'superseded' })
    await fixture.db.query(`UPDATE workspaces SET pack = 'other/1.0.0' WHERE id = $1`, [workspaceId])
    await expect(start(next.ref)).rejects.toMatchObject({ code: 'POLICY_PACK_DIFFERS' })
  })

  it('go on where another one cannot, because its pack is not there', async () => {
    const broken = await fixture.addWorkspace()
    await fixture.tagged(broken, 1)
    await fixture.db.query(`UPDATE workspaces SET pack = 'gone/1.0.0' WHERE id = $1`, [broken])
    const stuck = await fixture.begun(broken, null)
    await fixture.tagged(workspaceId, 1)
    const { id } = await order(never)
    await expect(fixture.redecider().work()).rejects.toMatchObject({ code: expect.stringMatching(/^(PACK|MODEL)_/) })
    await fixture.tell()
    expect(await progress(id)).toMatchObject({ changed: 1 })
    expect(await fixture.redecisions.find(broken, stuck.id)).toMatchObject({ state: 'running', examined: 0 })
  })

  it('make no more events than may wait, so that live ones are told in time', async () => {
    await fixture.tagged(workspaceId, 1_200)
    const { id } = await order(never)
    const redecider = fixture.redecider()
    for (let turn = 0; turn < 3; turn++) expect(await redecider.work()).toBe(false)
    // 1,500 events of one batch may still wait, those of two may not.
    expect(await progress(id)).toMatchObject({ state: 'running', examined: 1_000 })
    await fixture.work(redecider)
    expect(await progress(id)).toMatchObject({ state: 'done', changed: 1_200 })
  })
})
