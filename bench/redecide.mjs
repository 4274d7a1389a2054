// History is decided anew from stored scores: contents a second, through Postgres, where every result changes and where none does.
import { Metrics } from '@reeltag/platform'
import { WorkspaceKeys } from '@reeltag/pipeline'
import { openPolicies } from '../apps/policies/dist/policies.module.js'
import { KnownPolicies } from '../apps/policies/dist/audits/known-policies.js'
import { PackFacets } from '../apps/policies/dist/policies/pack-facets.js'
import { Redecider } from '../apps/policies/dist/redecisions/redecider.js'
import { fill, folders, pack, secondsFor } from './replay.mjs'
import { tableOf } from './tables.mjs'
import { withDatabase } from './with-database.mjs'

const actor = 'bench'

/** @param {readonly import('@reeltag/packs').FacetLabels[]} facets @param {number} temperature other ones make other confidences @returns {import('@reeltag/contracts').PolicyDocument} */
const documentOf = (facets, temperature) => ({
  format: 1,
  pack,
  targets: [],
  delta: 0.1,
  facets: Object.fromEntries(
    facets.map(({ facet, role, publish, temperature: own }) => [
      facet.id,
      {
        role,
        temperature: Object.fromEntries(Object.keys(own).map((mask) => [mask, temperature])),
        publish: Object.fromEntries(Object.keys(publish).map((mask) => [mask, { kind: 'threshold', at: 0.8 }])),
      },
    ]),
  ),
  evidence: { labelled: 0, calibrated: 0, certified: 0, leftOut: {} },
})

/** History in a database, and what decides it anew. */
class History {
  /** @param {import('@reeltag/platform').Database} db @param {string} workspaceId @param {PackFacets} packs */
  constructor(db, workspaceId, packs) {
    const { repository, redecisions } = openPolicies(db, folders)
    this.db = db
    this.workspaceId = workspaceId
    this.packs = packs
    this.repository = repository
    this.redecisions = redecisions
    this.redecider = new Redecider(
      db,
      repository,
      new KnownPolicies(repository, packs),
      packs,
      new WorkspaceKeys(db),
      new Metrics(),
    )
  }

  /** Brings a policy into force. @param {number} temperature @returns its name */
  async activate(temperature) {
    const { db, workspaceId, repository } = this
    const document = documentOf(await this.packs.of(pack), temperature)
    const { id, ref } = await repository.insert({ workspaceId, name: 'bench', document, actor })
    await db.query(`UPDATE policies SET state = 'replayed' WHERE id = $1`, [id])
    const replaces = (await repository.active(workspaceId))?.ref ?? null
    await db.transaction((tx) => repository.activate(tx, { workspaceId, id, replaces, actor }), { durable: true })
    return ref
  }

  /** Decides all of it by the policy in force. @param {string} ref @returns what came of it, and in how many seconds */
  async anew(ref) {
    const { db, workspaceId, redecisions, redecider } = this
    const { id } = await redecisions.start({ workspaceId, actor }, ref)
    // Nobody decides here by what was in force before.
    await db.query(`UPDATE redecisions SET created_at = created_at - interval '10 s' WHERE id = $1`, [id])
    for (let seconds = 0; ;) {
      seconds += await secondsFor(() => redecider.work())
      const row = await redecisions.find(workspaceId, id)
      if (row?.state === 'done') return { seconds, ...row }
      await db.query(`DELETE FROM outbox`)
    }
  }
}

/** @type {import('./run-options.mjs').Benchmark} */
export const redecide = {
  about: 'history decided anew from stored scores',
  needs: 'nothing else',
  plan: { contents: 50_000, rounds: 3 },
  smoke: { contents: 1_500, rounds: 1 },
  measure: async ({ contents, rounds }, run) => {
    return withDatabase(pack, async (db, workspaceId) => {
      const packs = new PackFacets(folders)
      run.say(`${contents} results …`)
      await fill(db, workspaceId, await packs.of(pack), contents)
      await db.query(`UPDATE contents SET created_at = created_at - interval '1 hour'`)
      const history = new History(db, workspaceId, packs)
      const [changed, unchanged] = [[], []]
      for (let round = 0; round < rounds; round++) {
        const ref = await history.activate(1 + round / 10)
        const [first, second] = [await history.anew(ref), await history.anew(ref)]
        if (first.changed !== contents || second.unchanged !== contents)
          throw new Error(`${first.changed} have changed, and then ${second.unchanged} have not, of ${contents}`)
        changed.push(contents / first.seconds)
        unchanged.push(contents / second.seconds)
      }
      const rows = [
        ['every result changes', changed],
        ['no result changes', unchanged],
      ]
      return [tableOf('anew', `${contents.toLocaleString('en')} results decided anew`, [['contents', '/s']], rows)]
    })
  },
}
