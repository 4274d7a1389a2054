// What it costs to keep the scores of a result: the product's statement, beside the same one without them.
import pg from 'pg'
import { newId } from '@reeltag/platform'
import { PredictionsRepository } from '@reeltag/pipeline'
import { inTurns, median } from './rounds.mjs'
import { versions } from './starter-versions.mjs'
import { tableOf } from './tables.mjs'

/** Results that one transaction of the finish concludes, about as many as under load. */
const batch = 8

/** Of a facet with 128 leaves. */
const scores = { facets: ['subject'], logits: [Buffer.alloc(256, 0x3c)] }
const tags = [{ facet: 'subject', path: 'animal/cat', confidence: 0.93, status: 'published', names: [] }]
const modalities = ['video', 'text']

const withoutScores = `INSERT INTO predictions
    (id, content_id, workspace_id, revision, decision, modalities, tags, versions, input_hash, attempt)
  SELECT id, content_id, workspace_id, revision, decision, string_to_array(modalities, ','), tags::jsonb, versions::jsonb,
    input_hash, attempt
  FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
              $10::int[])
    AS d(id, content_id, workspace_id, revision, decision, modalities, tags, versions, input_hash, attempt)`

/** The product's arrays but for the last three, which are the scores'. */
const bare = (client, rows) =>
  client.query(withoutScores, [
    rows.map(({ id }) => id),
    rows.map(({ contentId }) => contentId),
    rows.map(({ workspaceId }) => workspaceId),
    rows.map(({ revision }) => revision),
    rows.map(({ decision }) => decision),
    rows.map(() => modalities.join(',')),
    rows.map(() => JSON.stringify(tags)),
    rows.map(() => JSON.stringify(versions)),
    rows.map(({ inputHash }) => inputHash),
    rows.map(({ attempt }) => attempt),
  ])

/** @param {any} content @param {number} number above all that the platform has given */
const resultOf = (content, number) => ({
  id: newId(),
  contentId: content.id,
  workspaceId: content.workspace_id,
  inputHash: 'h',
  revision: number,
  attempt: number,
  decision: 'published',
  mask: 'text+video',
  ...{ modalities, tags, versions, scores },
})

/** @returns a round: milliseconds and log bytes of a result */
const storing = (client, contents, insert) => async (round) => {
  const rows = contents.map((content) => resultOf(content, insert.first + round))
  const lsn = 'pg_current_wal_insert_lsn()'
  const { rows: before } = await client.query(`SELECT ${lsn} AS lsn`)
  const started = performance.now()
  for (let from = 0; from < rows.length; from += batch) {
    await client.query('BEGIN')
    await insert.run(rows.slice(from, from + batch))
    await client.query('COMMIT')
  }
  const ms = (performance.now() - started) / rows.length
  const { rows: after } = await client.query(`SELECT (${lsn} - $1::pg_lsn)::float8 AS bytes`, [before[0].lsn])
  return { ms, bytes: after[0].bytes / rows.length }
}

/** @param {Record<string, { ms: number, bytes: number }[]>} rounds @param {number} contentMs */
const rowsOf = ({ kept = [], left = [] }, contentMs) => {
  const of = (rounds, pick) => rounds.map((round) => round[pick])
  const more = (pick) => kept.map((round, index) => round[pick] - left[index][pick])
  return [
    ['a result without scores', of(left, 'ms'), of(left, 'bytes'), undefined],
    ['a result with its scores', of(kept, 'ms'), of(kept, 'bytes'), undefined],
    ['the scores', more('ms'), more('bytes'), [(100 * median(more('ms'))) / contentMs]],
  ]
}

/**
 * @param {string} id @param {string} name of the servers
 * @param {import('./instant.mjs').CountingPostgres} postgres with contents that are concluded
 * @param {{ rounds: number, contents: number }} plan
 * @param {number} contentMs processor time of the whole platform for a content
 */
export const scoresCost = async (id, name, postgres, plan, contentMs) => {
  const client = new pg.Client({ connectionString: postgres.url, application_name: 'bench' })
  await client.connect()
  try {
    const contents = await postgres.rows(`SELECT id, workspace_id FROM contents LIMIT ${plan.contents}`)
    const repository = new PredictionsRepository()
    /** @type {any} */
    const tx = { query: async (text, params) => (await client.query(text, params)).rows }
    const inserts = {
      left: { first: 1_000_000, run: (rows) => bare(client, rows) },
      kept: { first: 2_000_000, run: (rows) => repository.insert(tx, rows) },
    }
    const contenders = {
      left: storing(client, contents, inserts.left),
      kept: storing(client, contents, inserts.kept),
    }
    const rounds = await inTurns(contenders, { rounds: plan.rounds * 3, warmUps: 1 })
    return tableOf(
      `${id}-scores`,
      `${name}: what keeping scores adds to a content's ${contentMs.toFixed(1)} ms of processor time`,
      [
        ['', 'ms'],
        ['log', 'bytes'],
        ['of a content', '%'],
      ],
      rowsOf(rounds, contentMs),
    )
  } finally {
    await client.end()
  }
}
