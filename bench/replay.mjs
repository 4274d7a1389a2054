// A policy is tried on stored scores: results a second, through Postgres, beside reading the same rows and deciding nothing.
import { toFloat16Bytes } from '@reeltag/contracts'
import { PredictionScores } from '@reeltag/pipeline'
import path from 'node:path'
import { openPolicies } from '../apps/policies/dist/policies.module.js'
import { PackFacets } from '../apps/policies/dist/policies/pack-facets.js'
import { versions } from './starter-versions.mjs'
import { tableOf } from './tables.mjs'
import { withDatabase } from './with-database.mjs'

const root = path.resolve(import.meta.dirname, '..')
export const folders = { modelsDir: path.join(root, 'models'), taxonomiesDir: path.join(root, 'taxonomies') }
export const pack = 'starter/2.0.0'
const mask = 'text+video'
const patterns = 500
const batch = 2_000

/** Scores of a head that is mostly sure. @param {number} leaves @param {number} seed */
const logitsOf = (leaves, seed) =>
  Float32Array.from(
    { length: leaves },
    (_, leaf) =>
      Math.sin(leaf * 12.9898 + seed * 78.233) * (leaf === seed % leaves ? 0 : 2) +
      (leaf === seed % leaves ? 3 + (seed % 7) : 0),
  )

/** @param {import('@reeltag/platform').Database} db @param {string} workspaceId @param {readonly { facet: { id: string }, leaves: readonly string[] }[]} facets @param {number} contents */
export const fill = async (db, workspaceId, facets, contents) => {
  const bytes = facets.map(({ leaves }) =>
    Array.from({ length: patterns }, (_, seed) => toFloat16Bytes(logitsOf(leaves.length, seed))),
  )
  await db.query('CREATE TABLE bench_patterns (n int PRIMARY KEY, logits bytea[])')
  for (let n = 0; n < patterns; n++)
    await db.query('INSERT INTO bench_patterns VALUES ($1, $2)', [n, bytes.map((each) => each[n])])
  await db.query(
    `WITH c AS (INSERT INTO contents (id, workspace_id, state, pack, submission, modalities, input_hash, revision)
       SELECT uuidv7(), $1, 'published', $2, '{}', '{video}', 'x', 1 FROM generate_series(1, $3::int) RETURNING id),
     p AS (INSERT INTO predictions (id, content_id, workspace_id, revision, decision, modalities, tags, versions, input_hash, attempt)
       SELECT uuidv7(), id, $1, 1, 'published', '{video}', '[]', $7::jsonb, 'x', 1 FROM c RETURNING id, content_id)
     INSERT INTO prediction_scores (prediction_id, content_id, workspace_id, revision, pack, head, mask, facets, logits)
     SELECT p.id, p.content_id, $1, 1, $2, 'f/1.0.0', $4, $5, b.logits
     FROM (SELECT id, content_id, row_number() OVER () AS n FROM p) p JOIN bench_patterns b ON b.n = p.n % $6`,
    [
      workspaceId,
      pack,
      contents,
      mask,
      facets.map(({ facet }) => facet.id),
      patterns,
      JSON.stringify({ ...versions, pack }),
    ],
  )
  await db.query('ANALYZE')
}

const read = async (db, workspaceId) => {
  const scores = new PredictionScores(db)
  for (let after; ;) {
    const rows = await scores.read(workspaceId, {
      pack,
      visible: true,
      limit: batch,
      ...(after === undefined ? {} : { after }),
    })
    after = rows.at(-1)?.predictionId
    if (rows.length < batch) return
  }
}

export const secondsFor = async (run) => {
  const started = performance.now()
  await run()
  return (performance.now() - started) / 1_000
}

/** @type {import('./run-options.mjs').Benchmark} */
export const replay = {
  about: 'a policy tried on stored scores, beside reading them only',
  needs: 'nothing else',
  plan: { contents: 200_000, rounds: 3 },
  smoke: { contents: 3_000, rounds: 1 },
  measure: async ({ contents, rounds }, run) => {
    return withDatabase(pack, async (db, workspaceId) => {
      const facets = await new PackFacets(folders).of(pack)
      run.say(`${contents} results …`)
      await fill(db, workspaceId, facets, contents)
      const { service, repository } = openPolicies(db, folders)
      const own = facets.map(({ facet, temperature, role, publish }) => [
        facet.id,
        {
          temperature,
          role,
          publish: Object.fromEntries(Object.keys(publish).map((each) => [each, { kind: 'threshold', at: 0.8 }])),
        },
      ])
      const evidence = { labelled: 0, calibrated: 0, certified: 0, leftOut: {} }
      /** @type {import('@reeltag/contracts').PolicyDocument} */
      const document = { format: 1, pack, targets: [], delta: 0.1, facets: Object.fromEntries(own), evidence }
      const policy = await repository.insert({ workspaceId, name: 'bench', document, actor: 'bench' })
      const [replays, reads, memory] = [[], [], []]
      for (let round = 0; round < rounds; round++) {
        reads.push((await secondsFor(() => read(db, workspaceId))) * (1e6 / contents))
        replays.push((await secondsFor(() => service.replay(workspaceId, policy.id))) * (1e6 / contents))
        memory.push(process.memoryUsage().rss / 2 ** 20)
      }
      return [
        tableOf(
          'million',
          `A million results, from ${contents.toLocaleString('en')}`,
          [
            ['time', 's'],
            ['resident memory', 'MiB'],
          ],
          [
            ['replayed by two policies', replays, memory],
            ['read only', reads, undefined],
          ],
        ),
      ]
    })
  },
}
