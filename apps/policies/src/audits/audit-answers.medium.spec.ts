import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { PolicyDocument } from '@reeltag/contracts'
import { newId } from '@reeltag/platform'
import { apple, AuditsFixture, cat, dog } from './audits.fixture.js'

describe('answers of audits', () => {
  let fixture: AuditsFixture
  let workspaceId: string
  beforeAll(async () => void (fixture = await AuditsFixture.open()))
  beforeEach(async () => void (workspaceId = await fixture.addWorkspace()))
  afterAll(() => fixture.close())

  const active = () => fixture.policies.active(workspaceId)
  const breaches = async () =>
    (await fixture.events(workspaceId)).filter(({ name }) => name === 'policy.breached.v1').map(({ data }) => data)
  const publishOf = (document: unknown) => PolicyDocument.parse(document).facets['subject']?.publish['video']

  it.each([
    ['the published node', cat, cat, true],
    ['a node below it', 'animals', cat, true],
    ['a node that only begins like it', 'animals/pets-and-livestock', 'animals', false],
    ['another node', cat, dog, false],
    ['none of the nodes', cat, null, false],
  ])('are right or wrong by what is true: %s', async (_, published, said, correct) => {
    const policy = await fixture.activePolicy(workspaceId, [null])
    const contents = await fixture.choose(policy, 1, { path: published })
    expect(await fixture.answer(workspaceId, contents, said)).toMatchObject([{ outcome: 'stored' }])
    expect(await fixture.rows(workspaceId)).toMatchObject([{ correct }])
  })

  it('come from audits alone, count once, and leave audits of other contents and workspaces open', async () => {
    const policy = await fixture.activePolicy(workspaceId, [null])
    const [one, two] = await fixture.choose(policy, 2)
    const other = await fixture.activePolicy(await fixture.addWorkspace(), [null])
    await fixture.choose(other, 1)
    await fixture.answer(workspaceId, [one ?? ''], dog, { source: 'review' })
    expect(await fixture.rows(workspaceId)).toMatchObject([{ correct: null }, { correct: null }])
    await fixture.answer(workspaceId, [one ?? ''], cat)
    // A later word does not count again, so that nobody can wear a promise down by repeating himself.
    await fixture.answer(workspaceId, [one ?? ''], dog, { who: 'xu' })
    expect(await fixture.rows(workspaceId)).toMatchObject([
      { content_id: one, correct: true },
      { content_id: two, correct: null },
    ])
    expect(await fixture.rows(other.workspace_id)).toMatchObject([{ correct: null }])
    const { groups } = await fixture.summary.get(policy.ref, workspaceId)
    expect(groups).toMatchObject([{ under: null, chosen: 2, answered: 1, wrong: 0, precision: 1 }])
  })

  it('lower the group whose promise is broken, no other one, and once, with two writers at once', async () => {
    const policy = await fixture.activePolicy(workspaceId, [null, 'animals'])
    const wrong = await fixture.choose(policy, 30, { under: 'animals' })
    const right = await fixture.choose(policy, 30, { path: apple })
    await fixture.answer(workspaceId, right, apple)
    expect((await active())?.ref).toBe('five/1')
    await Promise.all([
      fixture.answer(workspaceId, wrong.slice(0, 15), dog),
      fixture.answer(workspaceId, wrong.slice(15), dog, { who: 'xu' }),
    ])
    const now = await active()
    expect(now).toMatchObject({ ref: 'five/2', derived_from: policy.id, activated_by: 'audit', replay: null })
    expect(publishOf(now?.document)).toMatchObject({
      kind: 'certified',
      groups: [{ under: null, at: 0.6 }],
      toReview: [
        { under: 'animals', because: expect.stringMatching(/^15 of 15 audited were wrong.* 5 % was promised$/) },
      ],
    })
    // Those who decide keep the document of the first one, so that one has not changed.
    expect(await fixture.policies.get(workspaceId, policy.id)).toMatchObject({
      state: 'retired',
      document: policy.document,
    })
    const events = await fixture.events(workspaceId)
    expect(events).toMatchObject([
      { name: 'policy.activated.v1', data: { policy: 'five/2', replaces: 'five/1', actor: 'audit' } },
      {
        name: 'policy.breached.v1',
        data: {
          policy: 'five/1',
          facet: 'subject',
          mask: 'video',
          under: 'animals',
          error: 0.05,
          audited: 15,
          wrong: 15,
          alarmFrom: 40,
          replacedBy: 'five/2',
        },
      },
    ])
    expect(events[1]?.data['evidence']).toBeGreaterThan(40)
    const broken = [
      { under: null, answered: 30, wrong: 0, watch: { state: 'kept', alarmAt: null } },
      {
        under: 'animals',
        answered: 30,
        wrong: 30,
        precision: 0,
        watch: { state: 'broken', alarmAt: expect.any(Number) },
      },
    ]
    // Both stand on one proof.
    for (const ref of ['five/1', 'five/2'])
      expect(await fixture.summary.get(ref, workspaceId)).toMatchObject({ policy: ref, groups: broken })
  })

  it('leave a promise that is kept alone: 300 answers, of which 4 % are wrong', async () => {
    const policy = await fixture.activePolicy(workspaceId, [null, 'animals'])
    const contents = await fixture.choose(policy, 300)
    for (let i = 0; i < contents.length; i += 25) {
      await fixture.answer(workspaceId, contents.slice(i, i + 1), dog)
      await fixture.answer(workspaceId, contents.slice(i + 1, i + 25), cat)
    }
    expect((await active())?.ref).toBe('five/1')
    expect(await breaches()).toEqual([])
    const { groups } = await fixture.summary.get(policy.id, workspaceId)
    expect(groups[0]).toMatchObject({ answered: 300, wrong: 12, precision: 0.96, watch: { state: 'kept' } })
    expect(groups[0]?.interval.lower).toBeLessThan(0.95)
    expect(groups[0]?.interval.upper).toBeGreaterThan(0.97)
    expect(groups[1]).toMatchObject({ chosen: 0, answered: 0, precision: null, interval: { lower: 0, upper: 1 } })
  })

  it('go on with what was chosen before a group was lowered', async () => {
    const policy = await fixture.activePolicy(workspaceId, [null, 'animals'])
    const early = await fixture.choose(policy, 2)
    await fixture.answer(workspaceId, await fixture.choose(policy, 20, { under: 'animals' }), dog)
    const second = await active()
    if (second === undefined) throw new Error('nothing is in force')
    const [late = ''] = await fixture.choose(second, 1)
    await fixture.answer(workspaceId, early, dog)
    expect((await active())?.ref).toBe('five/2')
    // One answer would not be enough, had the watch begun anew with the second policy.
    await fixture.answer(workspaceId, [late], dog)
    const third = await active()
    expect(third).toMatchObject({ ref: 'five/3', derived_from: policy.id })
    // Nothing is left to publish by.
    expect(publishOf(third?.document)).toMatchObject({ kind: 'never', because: expect.stringContaining('audited') })
    expect(await breaches()).toMatchObject([{ under: 'animals' }, { under: null, replacedBy: 'five/3' }])
  })

  it('lower a broken promise again that somebody brought back', async () => {
    const policy = await fixture.activePolicy(workspaceId, [null, 'animals'])
    await fixture.answer(workspaceId, await fixture.choose(policy, 20, { under: 'animals' }), dog)
    expect((await active())?.ref).toBe('five/2')
    const back = await fixture.activate(workspaceId, policy.id, 'five/2')
    await fixture.answer(workspaceId, await fixture.choose(back, 1, { under: 'animals' }), cat)
    expect(await active()).toMatchObject({ ref: 'five/3', derived_from: policy.id })
    expect(await breaches()).toMatchObject([{ replacedBy: 'five/2' }, { replacedBy: 'five/3' }])
  })

  it('tell of a broken promise that is not in force any more, and leave the policy in force alone', async () => {
    const policy = await fixture.activePolicy(workspaceId, [null])
    const contents = await fixture.choose(policy, 20)
    const next = await fixture.policies.insert({
      workspaceId,
      name: 'next',
      document: PolicyDocument.parse(policy.document),
      actor: 'li',
    })
    await fixture.db.query(`UPDATE policies SET state = 'replayed' WHERE id = $1`, [next.id])
    await fixture.activate(workspaceId, next.id, 'five/1')
    await fixture.answer(workspaceId, contents, dog)
    expect((await active())?.ref).toBe('next/2')
    expect(await breaches()).toMatchObject([{ policy: 'five/1', replacedBy: null }])
  })

  it('are all or nothing: what cannot be told is not heard', async () => {
    const policy = await fixture.activePolicy(workspaceId, [null])
    const contents = await fixture.choose(policy, 20)
    // Any failure at the last step of the transaction.
    const fails = `fails_${newId().replaceAll('-', '')}`
    await fixture.db.query(`ALTER TABLE outbox ADD CONSTRAINT ${fails} CHECK (name <> 'policy.breached.v1') NOT VALID`)
    await expect(fixture.answer(workspaceId, contents, dog)).rejects.toThrow(fails)
    await fixture.db.query(`ALTER TABLE outbox DROP CONSTRAINT ${fails}`)
    expect((await active())?.ref).toBe('five/1')
    expect((await fixture.rows(workspaceId)).filter(({ correct }) => correct !== null)).toEqual([])
    await fixture.answer(workspaceId, contents, dog)
    expect((await active())?.ref).toBe('five/2')
    expect(await breaches()).toHaveLength(1)
  })

  it('are not there for another workspace', async () => {
    const policy = await fixture.activePolicy(workspaceId, [null])
    const other = await fixture.addWorkspace()
    await expect(fixture.summary.get(policy.id, other)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
