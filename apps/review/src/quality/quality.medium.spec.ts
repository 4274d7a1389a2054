import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { PutReviewQueue } from '@reeltag/contracts'
import { newId } from '@reeltag/platform'
import { ReviewingFixture } from '../reviewing.fixture.js'
import { VerdictsRepository } from '../verdicts/verdicts.repository.js'
import { QualityRepository } from './quality.repository.js'

const dog = { action: 'correct', tags: [{ facet: 'subject', path: 'animals/dog' }] }

describe('two opinions', () => {
  let fixture: ReviewingFixture
  beforeAll(async () => {
    fixture = await ReviewingFixture.open()
  })
  afterEach(() => fixture.clear())
  afterAll(() => fixture.close())

  const share = (doubleShare: number) =>
    fixture.queues.put(
      fixture.workspaceId,
      'all',
      PutReviewQueue.parse({ title: { zh: '全部', en: 'All' }, doubleShare }),
    )
  const decide = async (actor: string, given: object = {}, queue = 'all') => {
    const [claim] = await fixture.claim(actor, 1, queue)
    if (claim === undefined) throw new Error(`nothing is left for ${actor}`)
    const { view } = await fixture.verdicts().give(fixture.reviewer(actor), fixture.verdict(claim, given))
    return view
  }

  it('are asked for of every item of a queue, of different people, and publish once where they agree', async () => {
    await share(1)
    const { contentId, itemId } = await fixture.add()
    expect((await decide('li')).state).toBe('none')
    await fixture.publish()
    expect(await fixture.events(contentId)).toEqual([])
    expect(await fixture.claim('li')).toEqual([])
    expect((await decide('wang')).state).toBe('waiting')
    await fixture.publish()
    expect(await fixture.result(contentId)).toMatchObject({ revision: 2, by: 'wang' })
    expect((await fixture.item(itemId)).state).toBe('decided')
  })

  it('that differ go to a lead, whose word counts', async () => {
    await share(1)
    const { contentId, itemId } = await fixture.add()
    await decide('li')
    expect((await decide('wang', dog)).state).toBe('none')
    expect(await fixture.item(itemId)).toMatchObject({ state: 'open', queue: 'escalated' })
    expect(await fixture.claim('zhao')).toEqual([])
    await decide('boss', dog, 'escalated')
    await fixture.publish()
    expect(await fixture.result(contentId)).toMatchObject({ by: 'boss', published: ['animals/dog'] })
    const quality = await new QualityRepository(fixture.db).of(fixture.workspaceId, 7)
    expect(quality.agreement).toEqual([{ one: 'li', other: 'wang', items: 1, agreed: 0 }])
  })

  it('are blind: who is not a lead hears of another one only when the item is decided', async () => {
    await share(1)
    await fixture.add()
    const first = await decide('li')
    const seen = async (blindFor?: string) =>
      (
        await new VerdictsRepository(fixture.db).list(fixture.workspaceId, { limit: 9, before: undefined, blindFor })
      ).map(({ who }) => who)
    expect(await Promise.all([seen('wang'), seen('li'), seen()])).toEqual([[], ['li'], ['li']])
    await fixture.undoing().undo(fixture.reviewer('li'), first.id, false)
    await decide('li')
    await decide('wang')
    expect(await seen('zhao')).toHaveLength(3)
  })

  it('are asked for of about the share, and of no item of other queues', async () => {
    await share(0.5)
    const items = 40
    for (let index = 0; index < items; index++) await fixture.add()
    const states: string[] = []
    for (let index = 0; index < items; index++) states.push((await decide('li')).state)
    const double = states.filter((state) => state === 'none').length
    // One failure in a million runs.
    expect(double).toBeGreaterThan(4)
    expect(double).toBeLessThan(36)
    await share(0)
    await fixture.add()
    expect((await decide('zhao')).state).toBe('waiting')
  })

  it('and everything else that reviewers do is told to leads', async () => {
    await share(1)
    for (const [li, wang] of [
      [{}, {}],
      [{}, dog],
      [dog, dog],
    ]) {
      await fixture.add()
      await decide('li', li)
      await decide('wang', wang)
    }
    await fixture.add()
    await decide('li', { action: 'skip' })
    // Claimed at once, and decided one after another.
    await fixture.db.query(
      `UPDATE review_verdicts v SET claimed_at = now() - interval '1 hour', at = now() - interval '1 hour' + n * interval '10 s'
       FROM (SELECT id, row_number() OVER (PARTITION BY who ORDER BY at) AS n FROM review_verdicts) o WHERE o.id = v.id`,
    )
    const quality = await new QualityRepository(fixture.db).of(fixture.workspaceId, 1)
    expect(quality.reviewers).toMatchObject([
      {
        who: 'li',
        verdicts: 3,
        skipped: 1,
        escalated: 0,
        undone: 0,
        medianSeconds: 10,
        perHour: 360,
        overrideRate: 1 / 3,
      },
      { who: 'wang', verdicts: 3, skipped: 0, medianSeconds: 10, overrideRate: 2 / 3 },
    ])
    expect(quality).toMatchObject({
      agreement: [{ one: 'li', other: 'wang', items: 3, agreed: 2 }],
      ...{ doubleReviewed: 3, agreementRate: 2 / 3 },
      confused: [{ facet: 'subject', suggested: 'animals/cat', said: 'animals/dog', count: 3 }],
    })
    // Half of all answers are a dog: (2/3 − 1/2) / (1 − 1/2).
    expect(quality.kappa).toBeCloseTo(1 / 3, 12)
    expect((await new QualityRepository(fixture.db).of(newId(), 90)).reviewers).toEqual([])
  })
})
