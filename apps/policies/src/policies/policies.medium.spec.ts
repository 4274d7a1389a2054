import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { PolicyDocument, type DraftPolicy } from '@reeltag/contracts'
import { ActivePolicies } from '@reeltag/pipeline'
import type { Database } from '@reeltag/platform'
import { addWorkspace } from '@reeltag/testing'
import { folders, LabelledContents, pack } from '../labelled-contents.fixture.js'
import { openPolicies } from '../policies.module.js'
const five: DraftPolicy = { name: 'five-percent', targets: [{ facet: 'subject', error: 0.05 }], delta: 0.1 }

describe('policies', () => {
  let truth: LabelledContents
  let db: Database
  let workspaceId: string
  const actor = 'somebody'

  beforeAll(async () => {
    truth = await LabelledContents.open()
    ;({ db } = truth)
  })
  beforeEach(async () => void (workspaceId = await addWorkspace(db, { pack })))
  afterAll(() => truth.close())

  const open = () => openPolicies(db, folders)

  const fill = (contents: number, labelled: number, source = 'gold'): Promise<void> =>
    truth.fill(workspaceId, { contents, labelled, source })

  const drafted = async (wanted: DraftPolicy = five) => open().service.draft({ workspaceId, actor }, wanted)
  const active = () => open().repository.active(workspaceId)

  it('are drafted with a proof, replayed, activated and retired, each step told as an event', async () => {
    await fill(1_200, 900)
    const { service, repository } = open()
    const draft = await drafted()
    expect(draft).toMatchObject({ ref: 'five-percent/1', state: 'draft', pack })
    const document = PolicyDocument.parse(draft.document)
    const publish = document.facets['subject']?.publish['video']
    if (publish?.kind !== 'certified') throw new Error('nothing was proven')
    const [group] = publish.groups
    expect(group).toMatchObject({ under: null, error: 0.05 })
    expect(group?.bound).toBeLessThanOrEqual(0.05)
    expect(group?.n).toBeGreaterThan(100)
    expect(document.evidence.labelled).toBe(900)
    expect(document.evidence.calibrated + document.evidence.certified).toBe(900)

    await expect(service.activate({ workspaceId, actor }, draft.id, { replaces: null })).rejects.toMatchObject({
      code: 'POLICY_NOT_REPLAYED',
    })
    const seen: number[] = []
    const replayed = await service.replay(workspaceId, draft.id, { progress: (done) => seen.push(done) })
    expect(seen.at(-1)).toBe(1_200)
    const { replay } = replayed
    expect(replay).toMatchObject({ contents: 1_200, undecidable: 0, judged: { contents: 900 } })
    const after = replay?.decisions.after
    expect((after?.published ?? 0) + (after?.['published-ancestor'] ?? 0) + (after?.review ?? 0)).toBe(1_200)
    expect(replay?.coverage.after).toBeGreaterThan(0.5)
    const wrong = (replay?.judged.wrong ?? 0) / (replay?.judged.published ?? 1)
    expect(wrong).toBeLessThan(0.07)

    await service.activate({ workspaceId, actor }, draft.ref, { replaces: null })
    expect(await active()).toMatchObject({ ref: 'five-percent/1', activated_by: actor })
    await service.retire({ workspaceId, actor }, draft.id)
    expect(await active()).toBeUndefined()
    expect(await repository.get(workspaceId, draft.id)).toMatchObject({ state: 'retired' })
    const events = await db.query<{ name: string; data: unknown }>(
      `SELECT name, data FROM outbox WHERE content_id = $1 ORDER BY id`,
      [draft.id],
    )
    expect(events).toMatchObject([
      { name: 'policy.activated.v1', data: { policy: 'five-percent/1', replaces: null, actor } },
      { name: 'policy.retired.v1', data: { policy: 'five-percent/1', because: 'retired' } },
    ])
    const written = await db.query(
      `SELECT actor, action FROM audit_log WHERE subject = 'policy:five-percent/1' ORDER BY created_at, id`,
    )
    expect(written).toEqual([
      { actor, action: 'policy.activated' },
      { actor, action: 'policy.retired' },
    ])
  })

  it('say how many labels would do where nothing can be proven', async () => {
    await fill(60, 40)
    await expect(drafted()).rejects.toMatchObject({
      code: 'TARGET_UNPROVEN',
      message: expect.stringMatching(/needs \d+ audited items with no error; you have \d+/),
    })
    expect(await open().repository.list(workspaceId, 10, undefined)).toEqual([])
  })

  it('stand on no review that was asked for because it was uncertain, nor on another tree', async () => {
    await fill(300, 300, 'review')
    await expect(drafted()).rejects.toMatchObject({
      code: 'TARGET_UNPROVEN',
      message: expect.stringContaining('300 reviewed because it was uncertain'),
    })
    await db.query(`UPDATE labels SET source = 'gold', taxonomy = 'other/1' WHERE workspace_id = $1`, [workspaceId])
    await expect(drafted()).rejects.toMatchObject({
      code: 'TARGET_UNPROVEN',
      message: expect.stringContaining('300 labelled in another version of the tree'),
    })
  })

  it.each([
    [{ facet: 'colour', error: 0.05 }, 'no facet colour'],
    [{ facet: 'subject', under: 'dragons', error: 0.05 }, 'no node dragons'],
  ])('refuse a target that the tree does not have: %j', async (target, told) => {
    await fill(5, 5)
    await expect(drafted({ ...five, targets: [target] })).rejects.toMatchObject({
      code: 'DECISION_INPUT_INVALID',
      message: expect.stringContaining(told),
    })
  })

  const ready = async (): Promise<string> => {
    const { ref } = await drafted()
    await open().service.replay(workspaceId, ref)
    return ref
  }

  it('cannot be replayed where no scores are left', async () => {
    await fill(600, 600)
    const { ref } = await drafted()
    await db.query(`DELETE FROM prediction_scores WHERE workspace_id = $1`, [workspaceId])
    await expect(open().service.replay(workspaceId, ref)).rejects.toMatchObject({
      code: 'POLICY_NOTHING_TO_REPLAY',
      message: expect.stringContaining('600 results have none'),
    })
  })

  it('stay in force while they are replayed again, and all results are tried, batch by batch', async () => {
    await fill(600, 600)
    const ref = await ready()
    await open().service.activate({ workspaceId, actor }, ref, { replaces: null })
    // Each content five times more: the last batch is neither the first nor full.
    await db.query(
      `WITH old AS (SELECT c.id, c.input_hash, s.mask, s.facets, s.logits FROM contents c JOIN prediction_scores s ON s.content_id = c.id
                    WHERE c.workspace_id = $1),
         new AS (SELECT uuidv7() AS content, uuidv7() AS prediction, old.* FROM old, generate_series(1, 5)),
         c AS (INSERT INTO contents (id, workspace_id, state, pack, submission, modalities, input_hash, revision)
               SELECT content, $1, 'published', $2, '{}', '{video}', input_hash, 1 FROM new),
         p AS (INSERT INTO predictions (id, content_id, workspace_id, revision, decision, modalities, tags, versions, input_hash, attempt)
               SELECT prediction, content, $1, 1, 'published', '{video}', '[]', jsonb_build_object('pack', $2::text), 'x', 1 FROM new)
       INSERT INTO prediction_scores (prediction_id, content_id, workspace_id, revision, pack, head, mask, facets, logits)
       SELECT prediction, content, $1, 1, $2, 'f/1', mask, facets, logits FROM new`,
      [workspaceId, pack],
    )
    const seen: number[] = []
    const { state, replay } = await open().service.replay(workspaceId, ref, { progress: (done) => seen.push(done) })
    expect(seen).toEqual([2_000, 3_600])
    expect(replay?.contents).toBe(3_600)
    expect([state, (await active())?.ref]).toEqual(['active', ref])
    // A policy that takes the place of itself changes nothing.
    expect(replay?.flips).toEqual([])
    expect(replay?.decisions.before).toEqual(replay?.decisions.after)
  })

  it('come into force one at a time: of several at once one wins, and the others are told', async () => {
    await fill(600, 600)
    const refs = [await ready(), await ready(), await ready(), await ready()]
    const tries = await Promise.allSettled(
      refs.map((ref) => open().service.activate({ workspaceId, actor }, ref, { replaces: null })),
    )
    const [won, ...more] = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value.ref] : []))
    expect(more).toEqual([])
    expect(tries.filter((one) => one.status === 'rejected').map((one) => one.reason as unknown)).toEqual(
      Array.from({ length: 3 }, () => expect.objectContaining({ code: 'POLICY_CONFLICT' })),
    )
    expect((await active())?.ref).toBe(won)
    // A policy that follows names the one that it has seen, and a retired one may come back.
    const next = refs.find((ref) => ref !== won) ?? ''
    await open().service.activate({ workspaceId, actor }, next, { replaces: won ?? null })
    await open().service.activate({ workspaceId, actor }, won ?? '', { replaces: next })
    expect((await active())?.ref).toBe(won)
  })

  it('wait for one another also where their transactions overlap', async () => {
    await fill(600, 600)
    const refs = [await ready(), await ready()]
    let release = (): void => undefined
    const released = new Promise<void>((resolve) => (release = resolve))
    let tell = (): void => undefined
    const locked = new Promise<void>((resolve) => (tell = resolve))
    // As another activation holds it that has not committed yet.
    const holder = db.transaction(
      async (tx) => {
        await tx.query(`SELECT FROM workspaces WHERE id = $1 FOR NO KEY UPDATE`, [workspaceId])
        tell()
        await released
      },
      { durable: false },
    )
    await locked
    const ended: string[] = []
    const tries = refs.map((ref) =>
      open()
        .service.activate({ workspaceId, actor }, ref, { replaces: null })
        .finally(() => ended.push(ref)),
    )
    const settled = Promise.allSettled(tries)
    const waiting = async () => {
      const [row] = await db.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      )
      return row?.count ?? 0
    }
    while (ended.length === 0 && (await waiting()) < refs.length)
      await new Promise((resolve) => setTimeout(resolve, 10))
    const endedEarly = [...ended]
    release()
    expect(endedEarly).toEqual([])
    await holder
    const lost = (await settled).flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
    expect(lost).toEqual([expect.objectContaining({ code: 'POLICY_CONFLICT' })])
  })

  it('may be activated and retired again by whoever lost the answer, and nothing happens twice', async () => {
    await fill(600, 600)
    const [first, second] = [await ready(), await ready()]
    const { service } = open()
    const events = () =>
      db.query(`SELECT FROM outbox WHERE data->>'policy' = ANY($1) AND workspace_id = $2`, [
        [first, second],
        workspaceId,
      ])
    const once = await service.activate({ workspaceId, actor }, first, { replaces: null })
    expect(await service.activate({ workspaceId, actor }, first, { replaces: null })).toEqual(once)
    const next = await service.activate({ workspaceId, actor }, second, { replaces: first })
    expect(await service.activate({ workspaceId, actor }, second, { replaces: first })).toEqual(next)
    const conflict = (message: RegExp) => ({ code: 'POLICY_CONFLICT', message: expect.stringMatching(message) })
    // Somebody else, or another request of the same person, is no repetition.
    await expect(
      service.activate({ workspaceId, actor: 'another' }, second, { replaces: first }),
    ).rejects.toMatchObject(conflict(/in force is ".*\/2", the request replaces ".*\/1"/))
    await expect(service.activate({ workspaceId, actor }, second, { replaces: null })).rejects.toMatchObject(
      conflict(/./),
    )
    await expect(service.activate({ workspaceId, actor }, second, { replaces: second })).rejects.toMatchObject(
      conflict(/\/2 is in force already, since 20.*Z, activated by somebody: nothing is left to do/),
    )
    const retired = await service.retire({ workspaceId, actor }, second)
    expect(await service.retire({ workspaceId, actor }, second)).toEqual(retired)
    expect(await events()).toHaveLength(3)
  })

  it('that are not in force cannot be retired, and say what they are and what can be done', async () => {
    await fill(600, 600)
    const { service } = open()
    const { ref: draft } = await drafted()
    const retire = (ref: string, by = actor) => service.retire({ workspaceId, actor: by }, ref)
    const refused = async (ref: string, message: RegExp, by?: string) =>
      expect(retire(ref, by)).rejects.toMatchObject({
        code: 'POLICY_CONFLICT',
        message: expect.stringMatching(message),
      })
    await refused(draft, /is a draft, and no policy is in force; replay it, then activate it, or leave it/)
    await service.replay(workspaceId, draft)
    await refused(draft, /is replayed, and no policy is in force; activate it, or leave it/)
    // What the caller believes to be in force is not there.
    await expect(service.activate({ workspaceId, actor }, draft, { replaces: draft })).rejects.toMatchObject({
      code: 'POLICY_CONFLICT',
      message: 'in force is no policy (null), the request replaces "five-percent/1"',
    })
    await service.activate({ workspaceId, actor }, draft, { replaces: null })
    await retire(draft)
    await refused(draft, /was retired at 20.*Z by somebody, and no policy is in force: nothing is left/, 'another')
    const other = await ready()
    await service.activate({ workspaceId, actor }, other, { replaces: null })
    await refused(draft, /and five-percent\/2 is in force: retire that one, or activate five-percent\/1 again/)
    expect((await active())?.ref).toBe(other)
  })

  it('do not come into force for a pack that is not, and the one in force goes on', async () => {
    await fill(600, 600)
    const [first, second] = [await ready(), await ready()]
    await open().service.activate({ workspaceId, actor }, first, { replaces: null })
    await db.query(`UPDATE workspaces SET pack = 'starter/1.0.0' WHERE id = $1`, [workspaceId])
    await expect(open().service.activate({ workspaceId, actor }, second, { replaces: first })).rejects.toMatchObject({
      code: 'POLICY_PACK_DIFFERS',
    })
    expect((await active())?.ref).toBe(first)
  })

  it('are not there for another workspace', async () => {
    await fill(600, 600)
    const ref = await ready()
    const other = await addWorkspace(db, { pack })
    const { service, repository } = open()
    await expect(repository.get(other, ref)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(service.activate({ workspaceId: other, actor }, ref, { replaces: null })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    expect(await repository.list(other, 10, undefined)).toEqual([])
  })

  it('are known to what decides within a second', async () => {
    await fill(600, 600)
    const known = new ActivePolicies(db)
    expect(await known.of(workspaceId)).toBeUndefined()
    const ref = await ready()
    await open().service.activate({ workspaceId, actor }, ref, { replaces: null })
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    const [first, again] = [await known.of(workspaceId), await known.of(workspaceId)]
    expect(first?.ref).toBe(ref)
    // The same object, so that what is prepared for it can be kept.
    expect(again?.document).toBe(first?.document)
  })
})
