import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Database, newId } from '@reeltag/platform'
import { PackShadows, type PackShadow } from './pack-shadows.js'
import { addWorkspace, createTestDatabase, type TestDatabase } from '@reeltag/testing'

/** More than one page. */
const many = 1_001

const versions = (pack: string) => ({ pack, taxonomy: pack.replace('.0.0', '') })

describe('what two shadows have said', () => {
  let database: TestDatabase
  let db: Database
  let shadows: PackShadows
  let [mine, theirs] = [{} as PackShadow, {} as PackShadow]
  beforeAll(async () => {
    database = await createTestDatabase()
    db = new Database(database.url, { poolMax: 4 })
    shadows = new PackShadows(db)
    for (const name of ['mine', 'theirs']) {
      await addWorkspace(db, { name, pack: 'tiny/1.0.0' })
      await shadows.start({ workspace: name, actor: 'ada' }, 'tiny/2.0.0', 1)
    }
    ;[mine, theirs] = [await shadows.latest('mine'), await shadows.latest('theirs')]
    await say('mine', mine, { count: many, state: 'done' })
    await say('mine', mine, { count: 3, state: 'waiting' })
    await say('mine', mine, { count: 2, state: 'failed', code: 'MODEL_MISSING' })
    await say('mine', mine, { count: 1, state: 'failed', code: 'BLOB_MISSING' })
    await say('theirs', theirs, { count: 2, state: 'done' })
  })
  afterAll(async () => {
    await db.close()
    await database.drop()
  })

  /** Contents that were tagged twice since, of which a shadow stands beside the first result. */
  const say = async (
    workspace: string,
    { id, pack }: PackShadow,
    said: { count: number; state: string; code?: string },
  ): Promise<void> => {
    const ids = Array.from({ length: said.count }, newId)
    await db.query(
      `INSERT INTO contents (id, workspace_id, state, pack, submission, modalities, input_hash, revision)
       SELECT d.id, w.id, 'published', 'tiny/1.0.0', '{}', '{text}', 'h', 2
       FROM workspaces w, unnest($2::uuid[]) AS d(id) WHERE w.name = $1`,
      [workspace, ids],
    )
    await db.query(
      `INSERT INTO predictions (id, content_id, workspace_id, revision, decision, tags, versions, input_hash, attempt)
       SELECT gen_random_uuid(), c.id, c.workspace_id, r, CASE r WHEN 1 THEN 'review' ELSE 'published' END, '[]', $2, '', r
       FROM contents c, generate_series(1, 2) AS r WHERE c.id = ANY($1::uuid[])`,
      [ids, versions('tiny/1.0.0')],
    )
    await db.query(
      `INSERT INTO shadow_predictions (content_id, pack, shadow_id, revision, state, stage, decision, tags, versions, error_code)
       SELECT d.id, $2, $3, 1, $4, 'classify', 'published', '[]', $5, $6 FROM unnest($1::uuid[]) AS d(id)`,
      [ids, pack, id, said.state, versions(pack), said.code ?? null],
    )
  }
  const pairsOf = async (shadow: PackShadow) => {
    const pages = []
    for await (const page of shadows.pairs(shadow)) pages.push(page)
    return pages
  }

  it('is paired with the result that it stands beside, page by page, each content once', async () => {
    const pages = await pairsOf(mine)
    expect(pages.map(({ length }) => length)).toEqual([1_000, 1])
    const pairs = pages.flat()
    expect(new Set(pairs.map(({ contentId }) => contentId)).size).toBe(many)
    expect(new Set(pairs.map(({ active, shadow }) => `${active.decision} ${shadow.decision}`))).toEqual(
      new Set(['review published']),
    )
    expect((await pairsOf(theirs)).flat()).toHaveLength(2)
  })

  it('is counted by state, by code and by pack, each for itself', async () => {
    const failed = { MODEL_MISSING: 2, BLOB_MISSING: 1 }
    expect(await shadows.progress(mine)).toEqual({ waiting: 3, done: many, failed })
    expect(await shadows.progress(theirs)).toEqual({ waiting: 0, done: 2, failed: {} })
    const beside = { pack: 'tiny/1.0.0', taxonomy: 'tiny/1', ownTaxonomy: 'tiny/2' }
    expect(await shadows.beside(mine)).toEqual([{ ...beside, contents: many }])
    expect(await shadows.beside(theirs)).toEqual([{ ...beside, contents: 2 }])
  })

  it('stays when it is stopped; what one had still to say goes, and nothing of another', async () => {
    await say('theirs', theirs, { count: 1, state: 'waiting' })
    await shadows.stop('mine')
    expect(await shadows.progress(mine)).toMatchObject({ waiting: 0, done: many })
    expect(await shadows.progress(theirs)).toMatchObject({ waiting: 1, done: 2 })
  })
})
