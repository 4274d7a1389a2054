import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { ReeltagError } from '@reeltag/contracts'
import { newId } from '@reeltag/platform'
import { ReviewingFixture, tagOf } from '../reviewing.fixture.js'

describe('verdicts', () => {
  let fixture: ReviewingFixture
  beforeAll(async () => {
    fixture = await ReviewingFixture.open()
  })
  afterEach(() => fixture.clear())
  afterAll(() => fixture.close())

  const codeOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'taken',
      (error: unknown) => (error instanceof ReeltagError ? error.code : String(error)),
    )
  const give = (actor: string, claim: { itemId: string; token: number }, given: object = {}, graceSeconds = 0) =>
    fixture.verdicts(graceSeconds).give(fixture.reviewer(actor), fixture.verdict(claim, given))
  const isWhat = (action: string, tags?: object[]) => ({ action, ...(tags === undefined ? {} : { tags }) })
  const dog = { facet: 'subject', path: 'animals/dog' }

  it('are published after their grace, as a higher revision that says who and what it supersedes', async () => {
    const { contentId } = await fixture.add()
    const { view } = await give('key:li', await fixture.claimOne('key:li'), { action: 'accept' }, 3_600)
    await fixture.publish()
    expect(view).toMatchObject({ state: 'waiting', revision: null, tags: [{ facet: 'subject', path: 'animals/cat' }] })
    expect(await fixture.result(contentId)).toMatchObject({ revision: 1, by: 'model' })
    await fixture.db.query(`UPDATE review_verdicts SET publishes_at = now() - interval '1 second'`)
    await fixture.publish()
    await fixture.publish()
    expect(await fixture.result(contentId)).toEqual({
      ...{ revision: 2, state: 'published', by: 'key:li', published: ['animals/cat'] },
    })
    const [event, ...more] = await fixture.events(contentId)
    expect(more).toEqual([])
    expect(event).toMatchObject({
      name: 'tags.published.v1',
      revision: 2,
      data: { supersedes: { revision: 1 }, origin: { kind: 'review', by: 'key:li', verdict: view.id } },
    })
    expect(fixture.heard).toEqual(['+ key:li subject=animals/cat'])
    const scores = await fixture.db.query(`SELECT revision FROM prediction_scores ORDER BY revision`)
    expect(scores).toEqual([{ revision: 1 }, { revision: 2 }])
  })

  it.each([
    ['accept', undefined, ['animals/cat'], ['subject=animals/cat']],
    ['accept', [dog], ['animals/dog'], ['subject=animals/dog']],
    ['correct', [dog], ['animals/dog'], ['subject=animals/dog']],
    [
      'correct',
      [
        { facet: 'style', path: 'calm' },
        { facet: 'style', path: 'loud' },
      ],
      ['animals/cat', 'calm', 'loud'],
      ['style=calm,loud'],
    ],
    ['reject', undefined, [], ['subject=', 'style=']],
  ])(
    '%s with %j publish %j, and are truth of the facets of which they speak',
    async (action, tags, published, said) => {
      const { contentId } = await fixture.add()
      await give('li', await fixture.claimOne('li'), isWhat(action, tags))
      await fixture.publish()
      expect((await fixture.result(contentId)).published).toEqual(published)
      expect(fixture.heard).toEqual(said.map((each) => `+ li ${each}`))
    },
  )

  it('that do not fit the tree of the item are refused with VERDICT_TAGS_INVALID, and the claim stays', async () => {
    await fixture.add()
    const claim = await fixture.claimOne('li')
    const wrong = [
      [{ facet: 'colour', path: 'red' }],
      [{ facet: 'subject', path: 'cat' }],
      // A node of an older version of the tree.
      [{ facet: 'subject', path: 'animals/lion' }],
      [{ facet: '__proto__', path: 'food' }],
      [{ facet: 'subject', path: '__proto__' }],
      [dog, { facet: 'subject', path: 'food' }],
      [
        { facet: 'style', path: 'calm' },
        { facet: 'style', path: 'calm' },
      ],
    ]
    for (const tags of wrong)
      expect(await codeOf(give('li', claim, isWhat('correct', tags)))).toBe('VERDICT_TAGS_INVALID')
    expect(await codeOf(give('li', claim, isWhat('correct', [dog])))).toBe('taken')
  })

  it('with a token of before are refused with CLAIM_LOST, also where the same person has it again', async () => {
    await fixture.add()
    const stale = await fixture.claimOne('li')
    await fixture.db.query(`UPDATE review_items SET lease_until = now() - interval '1 second'`)
    // It expired while they typed, and nobody has claimed it yet.
    expect(await codeOf(give('li', stale))).toBe('CLAIM_LOST')
    const fresh = await fixture.claimOne('li')
    expect(await codeOf(give('li', stale))).toBe('CLAIM_LOST')
    expect(await codeOf(give('wang', fresh))).toBe('CLAIM_LOST')
    expect(await codeOf(give('li', fresh))).toBe('taken')
    expect(await codeOf(give('li', fresh))).toBe('CLAIM_LOST')
  })

  it('are taken once, of two tabs that send different ones, and of many that send the same one', async () => {
    await fixture.add()
    const claim = await fixture.claimOne('li')
    const tabs = await Promise.all([codeOf(give('li', claim)), codeOf(give('li', claim, isWhat('correct', [dog])))])
    expect(tabs.toSorted()).toEqual(['CLAIM_LOST', 'taken'])
    await fixture.add()
    const verdict = fixture.verdict(await fixture.claimOne('li'))
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => fixture.verdicts().give(fixture.reviewer('li'), verdict)),
    )
    expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1)
    expect(new Set(answers.map(({ view }) => JSON.stringify(view))).size).toBe(1)
  })

  it('sent again are answered alike, also after they were published; others under their id are refused', async () => {
    const { contentId } = await fixture.add()
    const verdict = fixture.verdict(await fixture.claimOne('li'), { note: 'a' })
    const first = await fixture.verdicts().give(fixture.reviewer('li'), verdict)
    await fixture.publish()
    const again = await fixture.verdicts().give(fixture.reviewer('li'), verdict)
    expect(again).toMatchObject({ isNew: false, view: { id: first.view.id, state: 'published', revision: 2 } })
    const other = { ...verdict, note: 'b' }
    expect(await codeOf(fixture.verdicts().give(fixture.reviewer('li'), other))).toBe('VERDICT_DIFFERS')
    expect(await codeOf(fixture.verdicts().give(fixture.reviewer('wang'), verdict))).toBe('VERDICT_DIFFERS')
    expect((await fixture.result(contentId)).revision).toBe(2)
    expect(fixture.heard).toHaveLength(1)
  })

  it('are refused with ITEM_SUPERSEDED where a retag came during the review', async () => {
    const { contentId } = await fixture.add()
    const claim = await fixture.claimOne('li')
    await fixture.retag(contentId)
    expect(await codeOf(give('li', claim))).toBe('ITEM_SUPERSEDED')
    expect(await fixture.claim('wang')).toEqual([])
  })

  it('give way to a retag that came within the grace, and stay true of the content', async () => {
    const { contentId } = await fixture.add()
    const { view } = await give('li', await fixture.claimOne('li'), {})
    await fixture.retag(contentId)
    await fixture.publish()
    expect(await fixture.result(contentId)).toMatchObject({ revision: 2, by: 'model' })
    expect(await fixture.events(contentId)).toEqual([])
    expect(fixture.heard).toEqual(['+ li subject=animals/cat'])
    expect(await codeOf(fixture.undoing().undo(fixture.reviewer('li'), view.id, false))).toBe('VERDICT_FINAL')
  })

  it('wait while their content is being tagged, or while somebody has it', async () => {
    const { contentId } = await fixture.add()
    await give('li', await fixture.claimOne('li'), {})
    await fixture.db.query(`UPDATE contents SET state = 'processing' WHERE id = $1`, [contentId])
    await fixture.publish()
    expect((await fixture.result(contentId)).revision).toBe(1)
    await fixture.db.query(`UPDATE contents SET state = 'failed' WHERE id = $1`, [contentId])
    await fixture.db.query(`UPDATE review_verdicts SET publishes_at = now() - interval '1 second'`)
    await fixture.publish()
    expect(await fixture.result(contentId)).toMatchObject({ revision: 2, state: 'failed', published: ['animals/cat'] })
  })

  it('undone within the grace were never there, and the item is back with whoever gave it', async () => {
    const { contentId, itemId } = await fixture.add()
    const claim = await fixture.claimOne('li')
    const { view } = await give('li', claim, {}, 3_600)
    expect(await codeOf(fixture.undoing().undo(fixture.reviewer('wang'), view.id, false))).toBe('SCOPE_MISSING')
    const undone = await fixture.undoing().undo(fixture.reviewer('li'), view.id, false)
    expect(undone).toMatchObject({ state: 'undone', undoneBy: 'li', publishesAt: null })
    await fixture.db.query(`UPDATE review_verdicts SET publishes_at = now() - interval '1 second'`)
    await fixture.publish()
    expect([await fixture.events(contentId), fixture.heard]).toEqual([[], []])
    expect(await fixture.item(itemId)).toMatchObject({ state: 'open', holder: 'li' })
    const [held] = await fixture.claim('li')
    expect(held?.token).toBe(claim.token + 1)
    expect(await codeOf(give('li', held!, isWhat('correct', [dog])))).toBe('taken')
    await fixture.publish()
    expect((await fixture.result(contentId)).published).toEqual(['animals/dog'])
  })

  it('undone later are compensated: what was before comes back with a higher revision', async () => {
    const ancestor = [tagOf('subject', 'animals', 0.9, 'published'), tagOf('subject', 'animals/cat', 0.6)]
    const { contentId, itemId } = await fixture.add({ tags: ancestor })
    const { view } = await give('li', await fixture.claimOne('li'), {})
    await fixture.publish()
    expect((await fixture.result(contentId)).published).toEqual(['animals/cat'])
    await fixture.undoing().undo(fixture.reviewer('boss'), view.id, true)
    const again = await fixture.undoing().undo(fixture.reviewer('boss'), view.id, true)
    expect(again).toMatchObject({ state: 'undone', undoneBy: 'boss' })
    expect(await fixture.result(contentId)).toEqual({
      ...{ revision: 3, state: 'in_review', by: 'model', published: ['animals'] },
    })
    const events = await fixture.events(contentId)
    expect(events.map(({ revision, data }) => [revision, data['supersedes']])).toMatchObject([
      [2, { revision: 1 }],
      [3, { revision: 2 }],
    ])
    expect(events[1]?.data).toMatchObject({ origin: { by: 'li', reason: 'undone' }, tags: [{ path: 'animals' }] })
    expect(fixture.heard).toEqual(['+ li subject=animals/cat', '- li'])
    expect(await fixture.item(itemId)).toMatchObject({ state: 'open', holder: null, revision: 3 })
    // The event of the compensation does not close the item that it has opened.
    await fixture.db.transaction((tx) => fixture.items.supersede(tx, contentId, 3), { durable: false })
    expect(await codeOf(give('wang', await fixture.claimOne('wang')))).toBe('taken')
    await fixture.publish()
    expect(await fixture.result(contentId)).toMatchObject({ revision: 4, by: 'wang' })
  })

  it('are final once a newer result has taken their place', async () => {
    const { contentId } = await fixture.add()
    const { view } = await give('li', await fixture.claimOne('li'), {})
    await fixture.publish()
    await fixture.retag(contentId)
    expect(await codeOf(fixture.undoing().undo(fixture.reviewer('li'), view.id, false))).toBe('VERDICT_FINAL')
  })

  it('that escalate go to the queue of the leads, and come back when they are undone', async () => {
    const { itemId } = await fixture.add()
    const { view } = await give('li', await fixture.claimOne('li'), { action: 'escalate', note: '?' })
    expect(view).toMatchObject({ state: 'none', publishesAt: null, tags: [] })
    expect(await fixture.claim('wang')).toEqual([])
    expect((await fixture.claim('boss', 1, 'escalated')).map((claim) => claim.itemId)).toEqual([itemId])
    await fixture.db.query(`UPDATE review_items SET holder = NULL, lease_until = NULL`)
    await fixture.undoing().undo(fixture.reviewer('li'), view.id, false)
    expect(await fixture.item(itemId)).toMatchObject({ queue: 'all', holder: 'li' })
  })

  it('of another workspace, or of content that was deleted, are not found', async () => {
    const { contentId } = await fixture.add()
    const claim = await fixture.claimOne('li')
    const stranger = fixture.reviewer('li', newId())
    expect(await codeOf(fixture.verdicts().give(stranger, fixture.verdict(claim)))).toBe('NOT_FOUND')
    const { view } = await give('li', claim)
    expect(await codeOf(fixture.undoing().undo(stranger, view.id, true))).toBe('NOT_FOUND')
    await fixture.db.query(`DELETE FROM contents WHERE id = $1`, [contentId])
    await fixture.publish()
    expect(await codeOf(give('li', claim))).toBe('NOT_FOUND')
  })
})
