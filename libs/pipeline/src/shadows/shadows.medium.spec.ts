import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { ReeltagError, type Versions } from '@reeltag/contracts'
import { newId } from '@reeltag/platform'
import { PackShadows, type PackShadow } from '../rollout/pack-shadows.js'
import { setTimeout as sleep } from 'node:timers/promises'
import { addWorkspace, until } from '@reeltag/testing'
import { HandlerRegistry } from '../jobs/handler-registry.js'
import { QueueHolds } from '../queues/queue-holds.js'
import { joiningPipeline, PipelineFixture, silent } from '../pipeline.fixture.js'
import { recording } from '../stages/recording.js'
import type { FinishedStage, StageTask } from '../stages/stage-task.js'
import { ShadowPlanner } from './shadow-planner.js'
import { ShadowRunner } from './shadow-runner.js'
import { ShadowTasks } from './shadow-tasks.js'

const [inForce, next] = ['starter/2.0.0', 'starter/2.9.0']
const versions = (pack: string): Versions => ({
  pack,
  vision: 'v/1.0.0',
  text: 't/1.0.0',
  fusion: 'f/1.0.0',
  taxonomy: 'tiny/1',
  sampling: 'even-4',
})

describe('shadows', () => {
  let fixture: PipelineFixture
  let shadows: PackShadows
  let planner: ShadowPlanner
  let tasks: ShadowTasks
  let sequence = 0
  const change = () => ({ workspace: fixture.workspaceId, actor: 'ada' })
  beforeAll(async () => {
    fixture = await PipelineFixture.open()
    shadows = new PackShadows(fixture.db)
    planner = new ShadowPlanner(fixture.db, joiningPipeline, silent)
    tasks = new ShadowTasks(fixture.db, joiningPipeline)
  })
  afterAll(() => fixture.close())
  beforeEach(async () => {
    await fixture.db.query(`DELETE FROM contents`)
    await fixture.db.query(`DELETE FROM pack_shadows`)
    await fixture.db.query(`DELETE FROM queue_holds`)
  })

  /** Contents whose result is visible, as far as a shadow can see. */
  const concluded = async (count: number, pack = inForce): Promise<string[]> => {
    const ids = await Promise.all(Array.from({ length: count }, () => fixture.accept()))
    await fixture.db.query(`UPDATE stages SET state = 'done' WHERE content_id = ANY($1::uuid[])`, [ids])
    await fixture.db.query(`UPDATE contents SET state = 'published', revision = 1 WHERE id = ANY($1::uuid[])`, [ids])
    for (const id of ids) await predicted(id, pack)
    return ids
  }
  /** As the relay leaves it behind. */
  const predicted = (id: string, pack = inForce, revision = 1) =>
    fixture.db.query(
      `INSERT INTO outbox (event_id, name, source, workspace_id, content_id, revision, data, sequence)
       VALUES ($1, 'tags.predicted.v1', '/reeltag/classify', $2, $3, $4, $5, $6)`,
      [newId(), fixture.workspaceId, id, revision, JSON.stringify({ versions: versions(pack) }), ++sequence],
    )
  const rows = () =>
    fixture.db.query<{ content_id: string; state: string; stage: string; tries: number; error_code: string | null }>(
      `SELECT content_id, state, stage, tries, error_code FROM shadow_predictions ORDER BY content_id`,
    )
  const judged = { decision: 'published', tags: [], versions: versions(next) }
  const run = (handle: (task: StageTask) => Promise<FinishedStage>): ShadowRunner => {
    const handlers = new HandlerRegistry()
    for (const { job: definition } of joiningPipeline) handlers.add({ definition, concurrency: 1, handle })
    const runner = new ShadowRunner({ db: fixture.db, handlers, pipeline: joiningPipeline, logger: silent })
    runner.start()
    return runner
  }
  const settled = () =>
    until('every shadow is settled', 30, async () => {
      const all = await rows()
      return all.length > 0 && all.every(({ state }) => state !== 'waiting') ? all : undefined
    })

  it('are given the new contents of their share, each once, however often an event is examined', async () => {
    const [old] = await concluded(1)
    await shadows.start(change(), next, 0.5)
    const ids = await concluded(60)
    await planner.work()
    const given = (await rows()).map(({ content_id }) => content_id)
    expect(given.length).toBeGreaterThan(10)
    expect(given.length).toBeLessThan(50)
    expect(given).not.toContain(old)
    await fixture.db.query(`UPDATE pack_shadows SET sequence = 0`)
    await Promise.all([planner.work(), new ShadowPlanner(fixture.db, joiningPipeline, silent).work()])
    expect((await rows()).map(({ content_id }) => content_id)).toEqual(given)
    // A larger share has the smaller one's contents too.
    await shadows.start(change(), next, 1)
    await fixture.db.query(`UPDATE pack_shadows SET sequence = 0`)
    await planner.work()
    expect((await rows()).map(({ content_id }) => content_id)).toEqual([...ids].sort())
  })

  it('go the way of their content with its handlers, and store no event and no result', async () => {
    await shadows.start(change(), next, 1)
    const [id] = await concluded(1)
    await planner.work()
    const before = await fixture.db.query(`SELECT * FROM stages ORDER BY stage`)
    const events = async () => (await fixture.db.query(`SELECT 1 FROM outbox`)).length
    const eventsBefore = await events()
    const seen: [stage: string, pack: string, outputs: readonly string[]][] = []
    const recorded: string[] = []
    const write = async (_: unknown, made: readonly string[]) => void recorded.push(...made)
    const runner = run(async ({ stage, pack, outputs }) => {
      seen.push([stage, pack, Object.keys(outputs)])
      const record = recording<string>(write, () => stage)
      const output = stage === 'join' ? judged : {}
      return { output, contentState: 'in_review', events: () => [{ name: 'x', data: {} }], record }
    })
    expect(await settled()).toEqual([{ content_id: id, state: 'done', stage: 'join', tries: 1, error_code: null }])
    await runner.stop()
    expect(seen).toEqual([
      ['left', next, []],
      ['right', next, ['left']],
      ['join', next, ['left', 'right']],
    ])
    // What a stage keeps for whoever comes next, such as frames, is kept.
    expect(recorded).toEqual(['left', 'right', 'join'])
    expect(await fixture.db.query(`SELECT * FROM stages ORDER BY stage`)).toEqual(before)
    expect(await events()).toBe(eventsBefore)
    expect(await fixture.contentOf(id!)).toEqual({ state: 'published', revision: 1, error_code: null })
    expect(await fixture.db.query(`SELECT 1 FROM predictions`)).toEqual([])
  })

  it('fail alone: the content keeps its state, and the code is kept', async () => {
    await shadows.start(change(), next, 1)
    const [first, second] = (await concluded(2)).sort()
    await planner.work()
    const runner = run(async ({ contentId }) => {
      throw contentId === first ? new ReeltagError('MODEL_MISMATCH', 'no') : new Error('again')
    })
    await until(
      'both have failed',
      30,
      async () => (await rows()).every(({ state }) => state === 'failed') || undefined,
    )
    await runner.stop()
    expect((await rows()).map(({ error_code, tries }) => [error_code, tries])).toEqual([
      ['MODEL_MISMATCH', 1],
      // Tried as often as its job may fail.
      ['INTERNAL', 3],
    ])
    expect(await fixture.contentOf(second!)).toMatchObject({ state: 'published', error_code: null })
    const shadow = await shadows.latest(fixture.workspaceId)
    expect(await shadows.progress(shadow)).toEqual({ waiting: 0, done: 0, failed: { MODEL_MISMATCH: 1, INTERNAL: 1 } })
  })

  it('are taken again where a worker died, and what that one still finishes is refused', async () => {
    await shadows.start(change(), next, 1)
    await concluded(1)
    await planner.work()
    const dead = await tasks.take(['left'], 0)
    const alive = await tasks.take(['left'], 60)
    expect([dead?.attempt, alive?.attempt]).toEqual([1, 2])
    expect(await tasks.take(['left'], 60)).toBeUndefined()
    const recorded: string[] = []
    const write = async (_: unknown, made: readonly string[]) => void recorded.push(...made)
    const recordOf = (who: string) => recording<string>(write, () => who)
    await tasks.finish(dead!, {}, recordOf('dead'))
    expect(await rows()).toMatchObject([{ stage: 'left' }])
    await tasks.finish(alive!, {}, recordOf('alive'))
    expect(recorded).toEqual(['alive'])
    expect(await rows()).toMatchObject([{ stage: 'right', tries: 0 }])
    expect(await tasks.renew(alive!, 60)).toBe(true)
  })

  it('that kill every worker are not tried for ever', async () => {
    await shadows.start(change(), next, 1)
    await concluded(1)
    await planner.work()
    for (let death = 0; death < 3; death++) await tasks.take(['left'], 0)
    const runner = run(() => Promise.resolve({ output: {} }))
    expect(await settled()).toMatchObject([{ state: 'failed', error_code: 'STAGE_EXHAUSTED' }])
    await runner.stop()
  })

  it('give way to whatever waits for a result, backfill too, but not to what an operator holds', async () => {
    await shadows.start(change(), next, 1)
    await concluded(1)
    await planner.work()
    const waiting = await fixture.accept({ video: null })
    await fixture.db.query(
      `UPDATE stages SET priority = 10, ready_at = now() - interval '1 second' WHERE content_id = $1`,
      [waiting],
    )
    expect(await tasks.take(['left'], 60)).toBeUndefined()
    const holds = new QueueHolds(fixture.db, joiningPipeline)
    await holds.set('right', 'paused')
    const taken = await tasks.take(['left'], 60)
    expect(taken).toMatchObject({ stage: 'left' })
    await tasks.finish(taken!, {}, undefined)
    // Its own queue is held now.
    expect(await tasks.take(['left', 'right', 'join'], 60)).toBeUndefined()
    await fixture.db.query(`UPDATE stages SET state = 'running' WHERE content_id = $1`, [waiting])
    await holds.set('right', 'running')
    expect(await tasks.take(['right'], 60)).toMatchObject({ stage: 'right' })
  })

  it('keep no more than a thousand contents waiting, and go on where they were', async () => {
    await shadows.start(change(), next, 1)
    const [id] = await concluded(1)
    await planner.work()
    await fixture.db.query(
      `WITH made AS (
         INSERT INTO contents (id, workspace_id, state, pack, submission, modalities, input_hash)
         SELECT gen_random_uuid(), $1, 'published', $2, '{}', '{text}', '' FROM generate_series(1, 999) RETURNING id)
       INSERT INTO shadow_predictions (content_id, pack, shadow_id, revision, state, stage)
       SELECT made.id, $3, s.id, 1, 'waiting', 'right' FROM made, pack_shadows s`,
      [fixture.workspaceId, inForce, next],
    )
    const [late] = await concluded(1)
    await planner.work()
    const has = async (wanted: string) => (await rows()).some(({ content_id }) => content_id === wanted)
    expect(await has(late!)).toBe(false)
    await fixture.db.query(`UPDATE shadow_predictions SET state = 'done' WHERE content_id = $1`, [id])
    await planner.work()
    expect(await has(late!)).toBe(true)
  })

  it('end when they are told to: what was said is kept, what is under way is called off', async () => {
    await shadows.start(change(), next, 1)
    await concluded(2)
    await planner.work()
    await fixture.db.query(
      `UPDATE shadow_predictions SET state = 'done' WHERE content_id = (SELECT min(content_id::text)::uuid FROM shadow_predictions)`,
    )
    let calledOff = false
    const runner = run(async ({ signal }) => {
      await sleep(20_000, undefined, { signal }).catch(() => (calledOff = true))
      return { output: {} }
    })
    await until('one is under way', 30, async () => (await rows()).some(({ tries }) => tries > 0) || undefined)
    expect(await shadows.stop(fixture.workspaceId)).toMatchObject({ pack: next, state: 'stopped' })
    await until('it is called off', 30, () => Promise.resolve(calledOff || undefined))
    await runner.stop()
    expect(await rows()).toMatchObject([{ state: 'done' }])
    await concluded(1)
    await planner.work()
    expect(await rows()).toHaveLength(1)
    await expect(shadows.stop(fixture.workspaceId)).rejects.toMatchObject({ code: 'PACK_NOT_SHADOWED' })
  })

  it('go with their content, and leave another workspace alone', async () => {
    await shadows.start(change(), next, 1)
    const [id] = await concluded(1)
    const other = await addWorkspace(fixture.db, { pack: inForce })
    const foreign = await fixture.accept({ workspaceId: other })
    await predicted(foreign)
    await fixture.db.query(`UPDATE outbox SET workspace_id = $2 WHERE content_id = $1`, [foreign, other])
    await planner.work()
    expect(await rows()).toMatchObject([{ content_id: id }])
    await fixture.db.query(`DELETE FROM contents WHERE id = $1`, [id])
    expect(await rows()).toEqual([])
  })

  it('are one at a time, of another pack than the one in force', async () => {
    await shadows.start(change(), next, 1)
    const refusal = (pack: string) => shadows.start(change(), pack, 1).catch((error: ReeltagError) => error.code)
    expect(await refusal(inForce)).toBe('PACK_IN_FORCE')
    expect(await refusal('starter/3.0.0')).toBe('PACK_SHADOWED')
    const running: PackShadow = await shadows.latest(fixture.workspaceId)
    await shadows.start(change(), next, 0.25)
    expect(await shadows.latest(fixture.workspaceId)).toEqual({ ...running, share: 0.25 })
  })
})
