// Reviewers: a claim among a million items, and many of them clearing a queue over REST while the service is killed.
import { KeysRepository, KeysService } from '@reeltag/http'
import { ClaimsRepository, QueuesRepository } from '@reeltag/review'
import { setTimeout as sleep } from 'node:timers/promises'
import { pack } from './replay.mjs'
import { Fleet, KillablePlatform } from './review-fleet.mjs'
import { quantile } from './rounds.mjs'
import { versions } from './starter-versions.mjs'
import { tableOf } from './tables.mjs'
import { withDatabase } from './with-database.mjs'

const tags = [{ facet: 'subject', path: 'animals', names: [], confidence: 0.5, status: 'candidate' }]
const settleSecondsMax = 120

/** @typedef {import('@reeltag/platform').Database} Database */

/** Items that wait, of a few contents: what a claim reads is the items. @param {Database} db @param {string} workspaceId @param {number} items */
const fileMany = (db, workspaceId, items) =>
  db.query(
    `WITH made AS (
       INSERT INTO contents (id, workspace_id, state, pack, submission, modalities, input_hash, revision)
       SELECT uuidv7(), $1, 'in_review', $2, '{}', '{text}', 'h', 1 FROM generate_series(1, 1000) RETURNING id),
     numbered AS (SELECT id, row_number() OVER () - 1 AS n FROM made)
     INSERT INTO review_items (id, workspace_id, content_id, prediction_id, revision, reason, state, tags, rank, priority, queue)
     SELECT uuidv7(), $1, m.id, uuidv7(), 1, 'uncertain', 'open', $4::jsonb, 2e13 + random() * 1e12,
       CASE WHEN random() < 0.5 THEN 0 ELSE 10 END, 'queue-' || (i % 10)
     FROM generate_series(1, $3::int) i JOIN numbered m ON m.n = i % 1000`,
    [workspaceId, pack, items, JSON.stringify(tags)],
  )

/** Ten queues, so that `all` has to merge them. @param {Database} db @param {string} workspaceId */
const makeQueues = (db, workspaceId) =>
  db.query(
    `INSERT INTO review_queues (workspace_id, name, title, rule) SELECT $1, 'queue-' || i, '{"zh": "甲", "en": "a"}', '{}'
     FROM generate_series(0, 9) i`,
    [workspaceId],
  )

/** Milliseconds of each claim, by reviewers who keep what they have. @param {Database} db @param {string} workspaceId @param {number} count @param {number} atOnce */
const claimTimes = async (db, workspaceId, count, atOnce) => {
  const [claims, queues] = [new ClaimsRepository(db, 600), new QueuesRepository(db)]
  /** @type {number[]} */
  const times = []
  let next = 0
  const seen = new Set()
  const work = async () => {
    for (let mine = next++; mine < count; mine = next++) {
      const started = performance.now()
      const names = await queues.toHandOut(workspaceId, 'all')
      const held = await claims.claim({ workspaceId, actor: `reviewer-${mine}` }, names, 3)
      times.push(performance.now() - started)
      if (held.length !== 3) throw new Error(`${held.length} items were claimed instead of 3`)
      for (const { itemId } of held) seen.add(itemId)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  if (seen.size !== 3 * count) throw new Error(`${3 * count - seen.size} items were handed out twice`)
  return times
}

/** Items of contents of their own, with results. @param {Database} db @param {string} workspaceId @param {number} items */
const fileResults = async (db, workspaceId, items) => {
  await db.query(
    `INSERT INTO contents (id, workspace_id, state, pack, submission, modalities, input_hash, revision)
     SELECT uuidv7(), $1, 'in_review', $2, '{"title": "a"}', '{text}', 'h', 1 FROM generate_series(1, $3::int)`,
    [workspaceId, pack, items],
  )
  await db.query(
    `INSERT INTO predictions (id, content_id, workspace_id, revision, decision, modalities, tags, versions, input_hash)
     SELECT uuidv7(), id, workspace_id, 1, 'review', '{text}', $1::jsonb, $2::jsonb, 'h' FROM contents`,
    [JSON.stringify(tags), JSON.stringify({ ...versions, taxonomy: 'starter/2' })],
  )
  await db.query(
    `INSERT INTO review_items (id, workspace_id, content_id, prediction_id, revision, reason, state, tags)
     SELECT uuidv7(), workspace_id, content_id, id, 1, 'uncertain', 'open', tags FROM predictions`,
  )
}

/** What became of all verdicts, once each is published. @param {Database} db @param {Fleet} fleet */
const settled = async (db, fleet) => {
  for (let waited = 0; waited < settleSecondsMax; waited++) {
    const [row] = await db.query(`SELECT count(*)::int AS waiting FROM review_verdicts WHERE state = 'waiting'`)
    if (row?.['waiting'] === 0) break
    await sleep(1_000)
  }
  const [row] = await db.query(
    `SELECT (SELECT count(*)::int FROM unnest($1::uuid[]) id WHERE NOT EXISTS (
         SELECT 1 FROM review_verdicts v WHERE v.id = id AND v.state = 'published')) AS lost,
       (SELECT count(*)::int FROM review_verdicts) - (SELECT count(DISTINCT item_id)::int FROM review_verdicts) AS twice,
       (SELECT count(*)::int FROM contents WHERE revision <> 2 OR state <> 'published') AS unpublished,
       (SELECT count(*)::int - count(DISTINCT content_id)::int FROM outbox WHERE name = 'tags.published.v1') AS "toldTwice",
       (SELECT count(DISTINCT content_id)::int FROM labels WHERE source = 'review' AND superseded_at IS NULL) AS labelled`,
    [fleet.answered],
  )
  return /** @type {Record<'lost' | 'twice' | 'unpublished' | 'toldTwice' | 'labelled', number>} */ (row)
}

/** @param {number} items @param {number} reviewers @param {number} kills */
const clear = (items, reviewers, kills) =>
  withDatabase(pack, async (db, workspaceId) => {
    await fileResults(db, workspaceId, items)
    const keys = new KeysService(new KeysRepository(db))
    const own = []
    for (let index = 0; index < reviewers; index++)
      own.push(await keys.create({ workspace: 'bench', pack, name: `reviewer ${index}`, scopes: ['review:write'] }))
    const platform = new KillablePlatform(db.url)
    await platform.start()
    const fleet = new Fleet(platform, items)
    try {
      const working = fleet.work(own)
      for (let kill = 1; kill <= kills; kill++) {
        while (fleet.answered.length < (items * kill) / (kills + 1)) await sleep(10)
        await platform.kill()
      }
      const seconds = await working
      const found = await settled(db, fleet)
      const { lost, twice, unpublished, toldTwice, labelled } = found
      if (lost + twice + unpublished + toldTwice > 0 || labelled !== items || fleet.answered.length !== items)
        throw new Error(`${fleet.answered.length} of ${items} verdicts were answered: ${JSON.stringify(found)}`)
      return { seconds, lost, twice: twice + toldTwice, refused: fleet.lost, times: fleet.times }
    } finally {
      await platform.stop()
    }
  })

/** @type {import('./run-options.mjs').Benchmark} */
export const review = {
  about: 'claims among many items, and reviewers who clear a queue while the service is killed',
  needs: 'nothing else',
  plan: { items: 1_000_000, claims: 2_000, claimsAtOnce: 4, verdicts: 2_000, reviewers: 20, kills: 5 },
  smoke: { items: 5_000, claims: 100, claimsAtOnce: 4, verdicts: 60, reviewers: 5, kills: 1 },
  measure: async ({ items, claims, claimsAtOnce, verdicts, reviewers, kills }, run) => {
    run.say(`${items} items …`)
    const times = await withDatabase(pack, async (db, workspaceId) => {
      await makeQueues(db, workspaceId)
      await fileMany(db, workspaceId, items)
      await db.query('VACUUM (ANALYZE) review_items')
      run.say(`${claims} claims …`)
      return claimTimes(db, workspaceId, claims, claimsAtOnce)
    })
    const rows = []
    for (const [name, times_] of /** @type {const} */ ([
      ['undisturbed', 0],
      [`killed ${kills} times`, kills],
    ])) {
      run.say(`${reviewers} reviewers, ${name} …`)
      const { seconds, lost, twice, times: of } = await clear(verdicts, reviewers, times_)
      const p95 = [quantile(of.claim, 0.95), quantile(of.verdict, 0.95)]
      rows.push([name, verdicts / seconds, ...p95, twice, lost])
    }
    const ms = [0.5, 0.95, 0.99].map((q) => quantile(times, q))
    return [
      tableOf(
        'claims',
        `A claim of 3 items among ${items.toLocaleString('en')}, in the server`,
        [
          ['median', 'ms'],
          ['p95', 'ms'],
          ['p99', 'ms'],
        ],
        [[`${claimsAtOnce} at once, of ten queues`, ...ms]],
      ),
      tableOf(
        'reviewers',
        `${reviewers} scripted reviewers decide ${verdicts.toLocaleString('en')} items over REST`,
        [
          ['verdicts', '/s'],
          ['claim p95', 'ms'],
          ['verdict p95', 'ms'],
          ['decided twice', ''],
          ['lost', ''],
        ],
        rows,
      ),
    ]
  },
}
