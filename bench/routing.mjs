// Open review items are routed under the reviewers' capacity: items a second, where each is written and where few are.
import { routeOpenItems } from '@reeltag/decisions'
import { ActivePolicies } from '@reeltag/pipeline'
import { CapacityRepository, Router } from '@reeltag/review'
import { pack, secondsFor } from './replay.mjs'
import { tableOf } from './tables.mjs'
import { withDatabase } from './with-database.mjs'

/** Half of them fit into the time that there is. @param {number} items */
const capacityFor = (items) => ({ reviewers: 30, slaMinutes: 240, minutesPerItem: (30 * 240 * 2) / items })

/** Items of the last four hours, as sure as chance has it. @param {import('@reeltag/platform').Database} db @param {string} workspaceId @param {number} items */
const file = (db, workspaceId, items) =>
  db.query(
    `WITH made AS (
       INSERT INTO contents (id, workspace_id, state, pack, submission, modalities, input_hash, revision)
       SELECT uuidv7(), $1, 'in_review', $2, '{}', '{text}', 'h', 1 FROM generate_series(1, $3::int) RETURNING id)
     INSERT INTO review_items (id, workspace_id, content_id, prediction_id, revision, reason, state, tags, likeliest, created_at)
     SELECT uuidv7(), $1, id, uuidv7(), 1, 'uncertain', 'open', '[]',
       jsonb_build_array(jsonb_build_object('facet', 'subject', 'path', 'food', 'confidence', random(), 'status', 'candidate')),
       now() - random() * interval '4 hours'
     FROM made`,
    [workspaceId, pack, items],
  )

/** @type {import('./run-options.mjs').Benchmark} */
export const routing = {
  about: "open review items routed under the reviewers' capacity",
  needs: 'nothing else',
  plan: { items: 50_000, rounds: 3 },
  smoke: { items: 2_000, rounds: 1 },
  measure: async ({ items, rounds }, run) => {
    /** @type {number[]} */
    const first = []
    /** @type {number[]} */
    const again = []
    for (let round = 0; round < rounds; round++)
      await withDatabase(pack, async (db, workspaceId) => {
        run.say(`${items} items …`)
        await file(db, workspaceId, items)
        await new CapacityRepository(db).put(workspaceId, capacityFor(items), 'bench')
        const router = new Router(db, new ActivePolicies(db), routeOpenItems)
        for (const seconds of [first, again]) {
          seconds.push(
            await secondsFor(async () => {
              const routed = await router.route(workspaceId)
              const { review = 0, decide = 0 } = routed?.items ?? {}
              if (review === 0 || review + decide !== items)
                throw new Error(`${review} and ${decide} of ${items} items`)
            }),
          )
        }
      })
    return [
      tableOf(
        'routing',
        `${items.toLocaleString('en')} open items routed`,
        [['time', 's']],
        [
          ['each item is written', first],
          ['what has changed is written', again],
        ],
      ),
    ]
  },
}
