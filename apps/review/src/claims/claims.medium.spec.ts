import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { newId } from '@reeltag/platform'
import { ReviewingFixture } from '../reviewing.fixture.js'

describe('claims', () => {
  let fixture: ReviewingFixture
  beforeAll(async () => {
    fixture = await ReviewingFixture.open()
  })
  afterEach(() => fixture.clear())
  afterAll(() => fixture.close())

  const add = async (count: number) => {
    const ids: string[] = []
    for (let place = 0; place < count; place++) ids.push((await fixture.add({ rank: place + 1 })).itemId)
    return ids
  }
  const ids = (claims: readonly { itemId: string }[]) => claims.map(({ itemId }) => itemId)
  /** As if the time of every lease had passed. */
  const expire = () => fixture.db.query(`UPDATE review_items SET lease_until = now() - interval '1 second'`)

  it('hand out the first items by priority and then by rank, and what one holds already comes first', async () => {
    const [backfill, late, early] = [
      await fixture.add({ rank: 1, priority: 10 }),
      await fixture.add({ rank: 3 }),
      await fixture.add({ rank: 2 }),
    ]
    const first = await fixture.claim('li', 2)
    expect(ids(first)).toEqual([early.itemId, late.itemId])
    const again = await fixture.claim('li', 3)
    expect(ids(again)).toEqual([early.itemId, late.itemId, backfill.itemId])
    expect(again.slice(0, 2).map(({ token }) => token)).toEqual(first.map(({ token }) => token))
    expect(ids(await fixture.claim('wang', 3))).toEqual([])
  })

  it('give no item to two people, however many ask at the same moment', async () => {
    await add(30)
    const people = Array.from({ length: 12 }, (_, index) => `reviewer-${index}`)
    const claims = await Promise.all(people.map((actor) => fixture.claim(actor, 3)))
    const handed = claims.flatMap(ids)
    expect(new Set(handed).size).toBe(handed.length)
    // A claim passes over what another one is taking; whoever asks again gets the rest.
    const rest = [...(await fixture.claim('late', 5)), ...(await fixture.claim('later', 5))]
    expect(new Set([...handed, ...ids(rest)]).size).toBe(30)
  })

  it('fill one person up once, also where two tabs ask', async () => {
    await add(9)
    const tabs = await Promise.all([fixture.claim('li', 3), fixture.claim('li', 3)])
    expect(ids(tabs[0])).toEqual(ids(tabs[1]))
    expect(tabs[0].map(({ token }) => token)).toEqual(tabs[1].map(({ token }) => token))
  })

  it('end with their lease; the next one has another token', async () => {
    await add(1)
    const before = await fixture.claimOne('li')
    await expire()
    const after = await fixture.claimOne('wang')
    expect(after.itemId).toBe(before.itemId)
    expect(after.token).toBe(before.token + 1)
    const { held, lost } = await fixture.claims().renew(fixture.reviewer('li'), [before])
    expect([held, lost]).toEqual([[], [{ itemId: before.itemId, because: 'expired' }]])
  })

  it('are renewed by heartbeats, for as long as their own token says', async () => {
    await add(1)
    const claim = await fixture.claimOne('li', 5)
    const { held } = await fixture.claims(60).renew(fixture.reviewer('li'), [claim])
    expect(held[0]?.leaseUntil.getTime()).toBeGreaterThan(claim.leaseUntil.getTime() + 30_000)
    const stranger = await fixture.claims().renew(fixture.reviewer('wang'), [claim])
    expect(stranger.held).toEqual([])
    const stale = await fixture.claims().renew(fixture.reviewer('li'), [{ ...claim, token: claim.token - 1 }])
    expect(stale.held).toEqual([])
  })

  it('say why they are lost', async () => {
    const [released, decided, superseded, deleted] = [
      await fixture.add(),
      await fixture.add(),
      await fixture.add(),
      await fixture.add(),
    ]
    const claims = await fixture.claim('li', 5)
    const of = ({ itemId }: { itemId: string }) => claims.filter((claim) => claim.itemId === itemId)
    await fixture.claims().release(fixture.reviewer('li'), of(released))
    await fixture.verdicts().give(fixture.reviewer('li'), fixture.verdict(of(decided)[0]!))
    await fixture.retag(superseded.contentId)
    await fixture.db.query(`DELETE FROM contents WHERE id = $1`, [deleted.contentId])
    const { held, lost } = await fixture.claims().renew(fixture.reviewer('li'), claims)
    expect(held).toEqual([])
    expect(Object.fromEntries(lost.map(({ itemId, because }) => [itemId, because]))).toEqual({
      [released.itemId]: 'released',
      [decided.itemId]: 'decided',
      [superseded.itemId]: 'superseded',
      [deleted.itemId]: 'deleted',
    })
  })

  it('are given back to others at once, and only by their holder', async () => {
    await add(1)
    const claim = await fixture.claimOne('li')
    await fixture.claims().release(fixture.reviewer('wang'), [claim])
    expect(await fixture.claim('wang')).toEqual([])
    await fixture.claims().release(fixture.reviewer('li'), [claim])
    expect(ids(await fixture.claim('wang'))).toEqual([claim.itemId])
  })

  it('never hand out an item again to whoever has skipped it', async () => {
    await add(1)
    const claim = await fixture.claimOne('li')
    await fixture.verdicts().give(fixture.reviewer('li'), fixture.verdict(claim, { action: 'skip', reason: 'unclear' }))
    expect(await fixture.claim('li')).toEqual([])
    expect(ids(await fixture.claim('wang'))).toEqual([claim.itemId])
  })

  it('are of one workspace', async () => {
    await add(1)
    const stranger = fixture.reviewer('li', newId())
    expect(await fixture.claims().claim(stranger, ['all'], 5)).toEqual([])
    const claim = await fixture.claimOne('li')
    const { lost } = await fixture.claims().renew(stranger, [claim])
    expect(lost).toEqual([{ itemId: claim.itemId, because: 'deleted' }])
  })
})
