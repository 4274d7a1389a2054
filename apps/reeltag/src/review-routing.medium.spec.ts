import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { PolicyDocument, ReviewCapacity } from '@reeltag/contracts'
import { routeOpenItems } from '@reeltag/decisions'
import { ActivePolicies } from '@reeltag/pipeline'
import { Database, newId } from '@reeltag/platform'
import { CapacityRepository, ItemsRepository, Router } from '@reeltag/review'
import { addWorkspace, createTestDatabase, type TestDatabase } from '@reeltag/testing'

const capacity: ReviewCapacity = { reviewers: 1, slaMinutes: 64, minutesPerItem: 1 }

describe('routing of review items', () => {
  let server: TestDatabase
  let db: Database
  let items: ItemsRepository
  let capacities: CapacityRepository
  let workspaceId: string
  beforeAll(async () => {
    server = await createTestDatabase()
    db = new Database(server.url, { poolMax: 8 })
    items = new ItemsRepository(db)
    capacities = new CapacityRepository(db)
  })
  beforeEach(async () => void (workspaceId = await addWorkspace(db)))
  afterAll(async () => {
    await db.close()
    await server.drop()
  })

  /** As another process has it. */
  const router = (): Router => new Router(db, new ActivePolicies(db), routeOpenItems)
  const file = async (confidence: number, more: { path?: string; rules?: object[]; workspace?: string } = {}) => {
    const [contentId, predictionId] = [newId(), newId()]
    const owner = more.workspace ?? workspaceId
    await db.query(
      `INSERT INTO contents (id, workspace_id, state, pack, submission, modalities, input_hash, revision)
       VALUES ($1, $2, 'in_review', 'p/1', '{}'::jsonb, '{text}', 'h', 1)`,
      [contentId, owner],
    )
    const names = [{ zh: '甲', en: 'A' }]
    const tag = (path: string, sure: number) =>
      ({ facet: 'subject', path, names, confidence: sure, status: 'candidate' }) as const
    const because = more.rules === undefined ? {} : { because: more.rules as { rule: string }[] }
    await db.transaction(
      (tx) =>
        items.open(tx, {
          workspaceId: owner,
          contentId,
          predictionId,
          revision: 1,
          reason: 'uncertain',
          // The likeliest is not the first: an item says what it would cost by the tag that would be published.
          tags: [tag('other', confidence / 2), tag(more.path ?? 'food', confidence)],
          ...because,
        }),
      { durable: false },
    )
    return contentId
  }
  const byRank = (route?: string) =>
    items.list(workspaceId, { state: 'open', order: { by: 'rank' }, route, limit: 200 })

  it('gives reviewers what they can do in time, and leaves the least likely errors to the machine', async () => {
    const sure = await file(0.99)
    const unsure = []
    for (let i = 0; i < 70; i++) unsure.push(await file(0.2 + i / 200))
    await capacities.put(workspaceId, capacity, 'li')
    const routing = await router().route(workspaceId)
    expect(routing).toMatchObject({ items: { review: 63, decide: 8, hold: 0 }, policy: null, late: 0, minutesUsed: 63 })
    expect(await capacities.routing(workspaceId)).toEqual(routing)
    expect(routing?.minutePrice).toBeGreaterThan(0.4)
    const queue = await byRank()
    // By due time, which is the time of filing.
    expect(queue.map(({ contentId }) => contentId)).toEqual(unsure.slice(0, 63))
    expect(queue[0]).toMatchObject({ route: 'review', because: { perMinute: 0.8 }, routedBy: null })
    const decided = await byRank('decide')
    expect(decided.at(-1)).toMatchObject({ contentId: sure, route: 'decide' })
    expect(decided.at(-1)?.because).toMatchObject({ perMinute: expect.closeTo(0.01, 6), price: routing?.minutePrice })
    // Nothing is published or closed by it.
    const newest = await items.list(workspaceId, { state: 'open', order: { by: 'newest' }, limit: 200 })
    expect(newest).toHaveLength(71)
  })

  it('takes items back when there is more capacity, and routes the same again without a write', async () => {
    for (let i = 0; i < 5; i++) await file(0.5)
    await capacities.put(workspaceId, { ...capacity, reviewers: 0 }, 'li')
    await router().route(workspaceId)
    expect([(await byRank()).length, (await byRank('decide')).length]).toEqual([0, 5])
    await capacities.put(workspaceId, capacity, 'wu')
    expect(await capacities.get(workspaceId)).toMatchObject({ ...capacity, setBy: 'wu' })
    await router().route(workspaceId)
    const queue = await byRank()
    expect(queue).toHaveLength(5)
    const versions = () =>
      db.query(`SELECT id, xmin::text FROM review_items WHERE workspace_id = $1 ORDER BY id`, [workspaceId])
    const before = await versions()
    await router().route(workspaceId)
    expect(await versions()).toEqual(before)
  })

  it('puts what a rule sent first, before it is routed and after, whatever it is worth', async () => {
    await file(0.1)
    const rules = [{ rule: 'new-author', value: 0, limit: 3 }]
    const ruled = await file(0.999, { rules })
    expect((await byRank())[0]).toMatchObject({ contentId: ruled, route: null, rules })
    await capacities.put(workspaceId, capacity, 'li')
    await router().route(workspaceId)
    expect((await byRank())[0]).toMatchObject({ contentId: ruled, route: 'review', because: { rules } })
    await capacities.put(workspaceId, { ...capacity, reviewers: 0 }, 'li')
    await router().route(workspaceId)
    expect(await byRank()).toMatchObject([{ contentId: ruled, route: 'hold' }])
    expect(await byRank('hold')).toHaveLength(1)
  })

  it('counts the costs of the policy in force, and names it', async () => {
    const [cheap, dear] = [await file(0.2), await file(0.8, { path: 'animals/snake' })]
    const document: PolicyDocument = {
      format: 1,
      pack: 'p/1',
      targets: [],
      delta: 0.1,
      facets: {},
      evidence: { labelled: 0, calibrated: 0, certified: 0, leftOut: {} },
      routing: { costs: { default: 1, nodes: { 'subject:animals': 50 } } },
    }
    await db.query(
      `INSERT INTO policies (id, workspace_id, name, number, state, pack, document, created_by)
       VALUES ($1, $2, 'dear-snakes', 1, 'active', 'p/1', $3::jsonb, 'me')`,
      [newId(), workspaceId, JSON.stringify(document)],
    )
    await capacities.put(workspaceId, { reviewers: 1, slaMinutes: 64, minutesPerItem: 40 }, 'li')
    await router().route(workspaceId)
    expect(await byRank()).toMatchObject([{ contentId: dear, routedBy: 'dear-snakes/1' }])
    expect(await byRank('decide')).toMatchObject([{ contentId: cheap, routedBy: 'dear-snakes/1' }])
  })

  it('is done by one process at a time, for each workspace by itself', async () => {
    for (let i = 0; i < 300; i++) await file(0.5)
    const other = await addWorkspace(db)
    await file(0.5, { workspace: other })
    await capacities.put(workspaceId, capacity, 'li')
    await capacities.put(other, capacity, 'li')
    expect(await router().workspaces()).toEqual(expect.arrayContaining([workspaceId, other]))
    const [here, there, elsewhere] = await Promise.all([
      router().route(workspaceId),
      router().route(workspaceId),
      router().route(other),
    ])
    expect([here, there].filter((one) => one !== undefined)).toHaveLength(1)
    expect(elsewhere?.items).toEqual({ review: 1, decide: 0, hold: 0 })
    expect((here ?? there)?.items).toEqual({ review: 63, decide: 237, hold: 0 })
  })

  it('pages by rank without leaving anything out', async () => {
    for (let i = 0; i < 25; i++) await file(0.5)
    const seen: string[] = []
    for (let after: { rank: number; id: string } | undefined; ;) {
      const page = await items.list(workspaceId, { state: 'open', order: { by: 'rank', after }, limit: 10 })
      seen.push(...page.slice(0, 10).map(({ id }) => id))
      const last = page[9]
      if (page.length <= 10 || last?.rank === undefined) break
      after = { rank: last.rank, id: last.id }
    }
    expect(new Set(seen).size).toBe(25)
    expect(seen).toHaveLength(25)
  })

  it('says what is missing where nobody has said the capacity, or nothing was routed yet', async () => {
    await expect(capacities.get(workspaceId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(capacities.routing(workspaceId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await capacities.put(workspaceId, capacity, 'li')
    await expect(capacities.routing(workspaceId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
