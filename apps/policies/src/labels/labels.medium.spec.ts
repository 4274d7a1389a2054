import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { NewLabel } from '@reeltag/contracts'
import { newId, type Transaction } from '@reeltag/platform'
import { LabelsFixture } from '../labels.fixture.js'
import { openReviewTruth } from './review-truth.js'

describe('labels', () => {
  let fixture: LabelsFixture
  beforeAll(async () => {
    fixture = await LabelsFixture.open()
  })
  afterEach(() => fixture.clear())
  afterAll(() => fixture.close())

  const at = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString()
  const label = (given: Partial<NewLabel>): NewLabel =>
    NewLabel.parse({ facet: 'subject', path: 'animals/cat', source: 'review', who: 'li', at: at(0), ...given })
  const store = (labels: readonly NewLabel[], workspaceId = fixture.workspaceId) =>
    fixture.service.store(workspaceId, labels, { who: 'key:1', at: at(0) })
  const outcomes = async (...labels: NewLabel[]) =>
    (await store(labels)).map(({ outcome, reason }) => reason ?? outcome)
  const counting = async () =>
    (await fixture.labels()).filter(({ counts }) => counts).map(({ facet, path }) => `${facet} ${path}`)

  it('are stored by id, by external id and by the hash of a video, with the tree in force', async () => {
    const sha256 = 'a'.repeat(64)
    const ids = [await fixture.addContent(), await fixture.addContent({ externalId: 'mine-1' })]
    ids.push(await fixture.addContent())
    const refer = `INSERT INTO blob_refs (workspace_id, sha256, role, owner_id) VALUES ($1, $2, 'video', $3)`
    await fixture.db.query(`INSERT INTO blobs (workspace_id, sha256, bytes) VALUES ($1, $2, 1)`, [
      fixture.workspaceId,
      sha256,
    ])
    await fixture.db.query(refer, [fixture.workspaceId, sha256, ids[2]])
    const given = [
      label({ contentId: ids[0], at: at(1), propensity: 0.25 }),
      label({ externalId: 'mine-1', at: at(2), path: null, source: 'gold' }),
      label({ videoSha256: sha256, at: at(3), taxonomy: 'tiny/1', path: 'animals/lion' }),
    ]
    expect(await outcomes(...given)).toEqual(['stored', 'stored', 'stored'])
    const common = { facet: 'subject', who: 'li', counts: true }
    expect(await fixture.labels()).toMatchObject([
      { ...common, content_id: ids[0], path: 'animals/cat', taxonomy: 'tiny/2', source: 'review', propensity: 0.25 },
      { ...common, content_id: ids[1], path: '', taxonomy: 'tiny/2', source: 'gold', propensity: null },
      { ...common, content_id: ids[2], path: 'animals/lion', taxonomy: 'tiny/1', source: 'review' },
    ])
    // The same video again: a label of it would count twice.
    await fixture.db.query(refer, [fixture.workspaceId, sha256, await fixture.addContent()])
    expect(await outcomes(label({ videoSha256: sha256, at: at(9) }))).toEqual(['content-ambiguous'])
  })

  it('are refused one by one, with the reason', async () => {
    const contentId = await fixture.addContent()
    const wrong: [Partial<NewLabel>, string][] = [
      [{}, 'stored'],
      [{ contentId: newId() }, 'content-unknown'],
      [{ facet: 'colour' }, 'facet-unknown'],
      [{ facet: '__proto__' }, 'facet-unknown'],
      [{ path: 'cat' }, 'node-unknown'],
      [{ path: 'animals/lion' }, 'node-unknown'],
      [{ path: '__proto__' }, 'node-unknown'],
      [{ taxonomy: 'tiny/7' }, 'taxonomy-unknown'],
      [{ taxonomy: 'tiny/1' }, 'node-unknown'],
      [{ at: new Date(Date.now() + 48 * 3_600_000).toISOString() }, 'malformed'],
    ]
    const results = await outcomes(...wrong.map(([given]) => label({ contentId, ...given })))
    expect(results).toEqual(wrong.map(([, reason]) => reason))
    expect(await fixture.labels()).toHaveLength(1)
  })

  it('stay as they are when they are stored again, in one batch or in several at once', async () => {
    const contentId = await fixture.addContent()
    const given = [label({ contentId }), label({ contentId, facet: 'style', path: 'calm' })]
    expect(await outcomes(...given, ...given)).toEqual(['stored', 'stored', 'known', 'known'])
    const before = await fixture.labels()
    expect(await outcomes(...given)).toEqual(['known', 'known'])
    expect(await fixture.labels()).toEqual(before)
    const others = Array.from({ length: 50 }, (_, minute) => label({ contentId, at: at(minute + 1) }))
    const [one, two] = await Promise.all([store(others), store(others.toReversed())])
    const stored = [...one, ...two].filter(({ outcome }) => outcome === 'stored')
    expect(stored).toHaveLength(50)
    expect(await fixture.labels()).toHaveLength(52)
  })

  it('give way to a later word of the same source, in whatever order they come, and stay as history', async () => {
    const contentId = await fixture.addContent()
    const words = [
      label({ contentId, at: at(2), path: 'food' }),
      label({ contentId, at: at(1), path: 'animals/cat' }),
      label({ contentId, at: at(3), path: 'animals/dog' }),
    ]
    for (const word of words) expect(await outcomes(word)).toEqual(['stored'])
    expect(await counting()).toEqual(['subject animals/dog'])
    expect(await fixture.labels()).toHaveLength(3)
    await fixture.clear()
    expect(await outcomes(...words.toReversed())).toEqual(['stored', 'stored', 'stored'])
    expect(await counting()).toEqual(['subject animals/dog'])
    // Another source has a word of its own, and so has another facet.
    await store([label({ contentId, at: at(0), source: 'gold', path: 'food' })])
    await store([label({ contentId, at: at(0), facet: 'style', path: 'loud' })])
    expect(await counting()).toEqual(['style loud', 'subject food', 'subject animals/dog'])
  })

  it('are a set in a facet that takes several, and one in a facet that takes one', async () => {
    const contentId = await fixture.addContent()
    const style = (path: string | null, minute: number) => label({ contentId, facet: 'style', path, at: at(minute) })
    expect(await outcomes(style('calm', 1), style('old', 1))).toEqual(['stored', 'stored'])
    expect(await outcomes(style('loud', 1), style(null, 1))).toEqual(['stored', 'contradiction'])
    expect(await counting()).toEqual(['style calm', 'style loud', 'style old'])
    expect(await outcomes(style('loud', 2))).toEqual(['stored'])
    expect(await counting()).toEqual(['style loud'])
    expect(await outcomes(style(null, 3), style('calm', 3))).toEqual(['stored', 'contradiction'])
    expect(await counting()).toEqual(['style '])
    const subject = (path: string) => label({ contentId, path, at: at(1) })
    expect(await outcomes(subject('food'), subject('animals/dog'))).toEqual(['stored', 'contradiction'])
    expect(await outcomes(subject('animals/dog'))).toEqual(['contradiction'])
  })

  it('count beside those of another source, whichever was said later', async () => {
    const contentId = await fixture.addContent()
    const of = (source: NewLabel['source'], path: string, minute: number) =>
      label({ contentId, source, path, at: at(minute) })
    await store([of('import', 'food', 1), of('gold', 'animals/cat', 5)])
    await store([of('review', 'animals/dog', 3)])
    expect(await counting()).toEqual(['subject food', 'subject animals/dog', 'subject animals/cat'])
    await store([of('review', 'animals', 4)])
    expect(await counting()).toEqual(['subject food', 'subject animals', 'subject animals/cat'])
  })

  it('are said by the caller and now, where they do not say', async () => {
    const contentId = await fixture.addContent()
    const bare = NewLabel.parse({ contentId, facet: 'subject', path: 'food', source: 'review' })
    const unless = { who: 'key:7', at: at(5) }
    const twice = [await fixture.service.store(fixture.workspaceId, [bare], unless)]
    twice.push(await fixture.service.store(fixture.workspaceId, [bare], unless))
    expect(twice.flat().map(({ outcome }) => outcome)).toEqual(['stored', 'known'])
    expect(await fixture.labels()).toMatchObject([{ who: 'key:7', at: new Date(at(5)) }])
  })

  it('come from reviewers in their own transaction, once, and count until they are withdrawn', async () => {
    const truth = openReviewTruth(fixture.db, fixture.folders)
    const contentId = await fixture.addContent()
    const saying = { contentId, who: 'user:1', at: new Date(at(1)) }
    const facets = [
      { facet: 'subject', paths: ['animals/cat'] },
      { facet: 'style', paths: [] },
    ]
    const inTransaction = (run: (tx: Transaction) => Promise<void>) => fixture.db.transaction(run, { durable: false })
    const say = (tx: Transaction) => truth.say(tx, fixture.workspaceId, { ...saying, taxonomy: 'tiny/2', facets })
    await inTransaction(say)
    await inTransaction(say)
    const common = { source: 'review', who: 'user:1', taxonomy: 'tiny/2', propensity: null, at: saying.at }
    expect(await fixture.labels()).toMatchObject([
      { facet: 'style', path: '', counts: true, ...common },
      { facet: 'subject', path: 'animals/cat', counts: true, ...common },
    ])
    const rolledBack = inTransaction(async (tx) => {
      await truth.withdraw(tx, fixture.workspaceId, saying)
      throw new Error('a test')
    })
    await expect(rolledBack).rejects.toThrow('a test')
    expect(await counting()).toHaveLength(2)
    await inTransaction((tx) => truth.withdraw(tx, fixture.workspaceId, { ...saying, at: new Date(at(2)) }))
    expect(await counting()).toHaveLength(2)
    await inTransaction((tx) => truth.withdraw(tx, fixture.workspaceId, saying))
    expect(await counting()).toEqual([])
  })

  it('are not looked at with less than a thousandth, which would thin all others to nothing', async () => {
    const contentId = await fixture.addContent()
    const of = (propensity: number) => label({ contentId, propensity })
    const [refused] = await store([of(1e-300)])
    expect(refused).toMatchObject({
      reason: 'propensity-too-small',
      detail: 'propensity: 1e-300 is below 0.001, and all other labels would be thinned to it; leave it out',
    })
    expect(await outcomes(of(0.000_999))).toEqual(['propensity-too-small'])
    expect(await outcomes(of(0.001))).toEqual(['stored'])
  })

  it('of another workspace can be neither written nor read', async () => {
    const [contentId, stranger] = [await fixture.addContent({ externalId: 'secret' }), await fixture.addWorkspace()]
    await store([label({ contentId })])
    const tried = await store([label({ contentId }), label({ externalId: 'secret' })], stranger)
    expect(tried.map(({ reason }) => reason)).toEqual(['content-unknown', 'content-unknown'])
    expect(await fixture.repository.list(stranger, { history: true }, 10, undefined)).toEqual([])
    await expect(store([label({ contentId })], newId())).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
