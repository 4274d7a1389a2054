import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { policyBreachedV1, type PolicyDocument } from '@reeltag/contracts'
import { errorInterval } from '@reeltag/decisions'
import { WorkspaceKeys } from '@reeltag/pipeline'
import { Metrics, newId } from '@reeltag/platform'
import { AuditChoice } from './audit-choice.js'
import { apple, AuditsFixture, cat } from './audits.fixture.js'

describe('AuditsConsumer', () => {
  let fixture: AuditsFixture
  let workspaceId: string
  beforeAll(async () => void (fixture = await AuditsFixture.open()))
  beforeEach(async () => void (workspaceId = await fixture.addWorkspace()))
  afterAll(() => fixture.close())

  it('chooses the share that the policy says, and the platform’s where it says none', async () => {
    const [share, contents] = [0.3, 500]
    const policy = await fixture.activePolicy(workspaceId, [null], { auditShare: share })
    const consumer = fixture.consumer(0)
    for (let i = 0; i < contents; i++) await consumer.choose(await fixture.publish(policy))
    const rows = await fixture.rows(workspaceId)
    // The key is a new one in each run, so the interval leaves one failure in a million runs.
    const { lower, upper } = errorInterval(rows.length, contents, 1e-6)
    expect(lower).toBeLessThan(share)
    expect(upper).toBeGreaterThan(share)
    expect(rows[0]).toMatchObject({ policy_id: policy.id, propensity: share, path: cat, under: '', correct: null })

    const other = await fixture.activePolicy(await fixture.addWorkspace(), [null])
    await fixture.consumer(0).choose(await fixture.publish(other))
    expect(await fixture.rows(other.workspace_id)).toEqual([])
    await fixture.consumer(1).choose(await fixture.publish(other))
    expect(await fixture.rows(other.workspace_id)).toMatchObject([{ propensity: 1 }])
  })

  it('chooses a content once, however often and under whatever id its event comes', async () => {
    const policy = await fixture.activePolicy(workspaceId, [null])
    const event = await fixture.publish(policy)
    const metrics = new Metrics()
    const [one, two] = [fixture.consumer(1, metrics), fixture.consumer(1, metrics)]
    await Promise.all([one.choose(event), two.choose(event), one.choose(event)])
    await two.choose(event)
    expect(await fixture.rows(workspaceId)).toHaveLength(1)
    expect(await metrics.registry.getSingleMetricAsString('reeltag_audits_total')).toContain('{facet="subject"} 1')
    // A rerun publishes the same again.
    await one.choose({ ...event, id: newId(), data: { ...event.data, revision: 2 } })
    expect(await fixture.rows(workspaceId)).toHaveLength(1)
  })

  it('makes the same choice in every process, and another one in every workspace', async () => {
    const other = await fixture.addWorkspace()
    const [here, there] = [new WorkspaceKeys(fixture.db), new WorkspaceKeys(fixture.db)]
    const texts = Array.from({ length: 20 }, (_, i) => `content ${i}`)
    const hashes = (keys: WorkspaceKeys, id: string) => Promise.all(texts.map((text) => keys.hash(id, text)))
    const [first, second] = await Promise.all([hashes(here, workspaceId), hashes(there, workspaceId)])
    expect(first).toEqual(second)
    expect(new Set(first).size).toBe(texts.length)
    const elsewhere = await hashes(here, other)
    expect(elsewhere.filter((hash, i) => hash === first[i])).toEqual([])
  })

  it('chooses anew for each policy: who was chosen for one says nothing of who is for another', async () => {
    const choice = new AuditChoice(new WorkspaceKeys(fixture.db), 0.5)
    const contents = Array.from({ length: 64 }, () => newId())
    const document = (await fixture.activePolicy(workspaceId, [null])).document as PolicyDocument
    const policy = (id: string) => ({ id, proofId: id, document, facets: [] })
    const chosenBy = (id: string) =>
      Promise.all(contents.map((content) => choice.propensityOf(workspaceId, policy(id), content)))
    const [one, other] = [newId(), newId()]
    expect(await chosenBy(one)).toEqual(await chosenBy(one))
    expect(await chosenBy(one)).not.toEqual(await chosenBy(other))
  })

  it('counts a tag for the promise that published it, which may be deeper than the tag', async () => {
    const policy = await fixture.activePolicy(workspaceId, [null, 'pets-and-livestock'])
    const consumer = fixture.consumer()
    await consumer.choose(await fixture.publish(policy, { path: 'animals' }))
    await consumer.choose(await fixture.publish(policy, { path: apple, likely: 'apple' }))
    expect(await fixture.rows(workspaceId)).toMatchObject([
      { facet: 'subject', mask: 'video', under: 'pets-and-livestock', path: 'animals' },
      { facet: 'subject', mask: 'video', under: '', path: apple },
    ])
  })

  it('passes over what no policy published, what a person did, what has no scores, and contents that are gone', async () => {
    const policy = await fixture.activePolicy(workspaceId, [null])
    const consumer = fixture.consumer()
    const event = await fixture.publish(policy)
    const { policy: _, ...versions } = event.data.versions
    await consumer.choose({ ...event, data: { ...event.data, versions } })
    await consumer.choose(await fixture.publish(policy, { kept: false }))
    const reviewed = await fixture.publish(policy)
    const origin = { kind: 'review' as const, by: 'user:1', verdict: newId() }
    await consumer.choose({ ...reviewed, data: { ...reviewed.data, origin } })
    const gone = await fixture.publish(policy)
    await fixture.db.query(`DELETE FROM contents WHERE id = $1`, [gone.subject])
    await consumer.choose(gone)
    expect(await fixture.rows(workspaceId)).toEqual([])
  })

  it('counts a breach once, wherever it was found', async () => {
    const metrics = new Metrics()
    const [one, two] = [fixture.consumer(1, metrics), fixture.consumer(1, metrics)]
    const counted = () => metrics.registry.getSingleMetricAsString('reeltag_policy_breaches_total')
    // From zero, so that the first one is an increase.
    expect(await counted()).toContain('reeltag_policy_breaches_total 0')
    const policy = await fixture.activePolicy(workspaceId, [null])
    const { id: _, ...envelope } = await fixture.publish(policy)
    const data = {
      policyId: policy.id,
      policy: policy.ref,
      pack: policy.pack,
      facet: 'subject',
      mask: 'video',
      under: null,
    }
    const found = { error: 0.05, audited: 40, wrong: 9, evidence: 30, alarmFrom: 20, replacedBy: null }
    const event = { ...envelope, id: newId(), type: policyBreachedV1.name, data: { ...data, ...found } }
    await Promise.all([one.breached(event), two.breached(event)])
    await one.breached(event)
    expect(await counted()).toContain('reeltag_policy_breaches_total 1')
  })
})
