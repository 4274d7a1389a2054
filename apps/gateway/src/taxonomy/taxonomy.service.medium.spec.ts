import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Database, newId } from '@reeltag/platform'
import { addWorkspace, createTestDatabase, type TestDatabase } from '@reeltag/testing'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { TaxonomyService } from './taxonomy.service.js'

const root = path.resolve(import.meta.dirname, '../../../..')

describe('TaxonomyService', () => {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-taxonomies-'))
  const folders = { modelsDir: path.join(home, 'models'), taxonomiesDir: path.join(home, 'taxonomies') }
  let database: TestDatabase
  let db: Database
  let taxonomies: TaxonomyService
  beforeAll(async () => {
    database = await createTestDatabase()
    db = new Database(database.url, { poolMax: 2 })
    taxonomies = new TaxonomyService(db, folders)
  })
  afterAll(async () => {
    await db.close()
    await database.drop()
    fs.rmSync(home, { recursive: true, force: true })
  })

  const write = (file: string, text: string): void => {
    fs.mkdirSync(path.dirname(path.join(home, file)), { recursive: true })
    fs.writeFileSync(path.join(home, file), text)
  }
  /** A version of the starter pack with a tree of two nodes. */
  const addPack = (version: string, taxonomy: number, leaf: string): string => {
    const pack = JSON.parse(fs.readFileSync(path.join(root, 'models/packs/starter/2.0.0/pack.json'), 'utf8')) as object
    write(
      `models/packs/starter/${version}/pack.json`,
      JSON.stringify({ ...pack, version, taxonomy: `tiny/${taxonomy}` }),
    )
    const names = 'names: {zh: 甲, en: A}'
    const nodes = `  - {id: animals, ${names}, children: [{id: ${leaf}, ${names}}]}`
    write(
      `taxonomies/tiny/${taxonomy}.yaml`,
      `format: 1\nname: tiny\nversion: ${taxonomy}\nfacets:\n- id: subject\n  kind: single\n  ${names}\n  nodes:\n${nodes}\n`,
    )
    return `starter/${version}`
  }
  const told = async (workspaceId: string) => {
    const { pack, version, facets } = await taxonomies.get(workspaceId)
    return [pack, version, facets[0]?.nodes.map(({ path: node, leaf }) => [node, leaf])]
  }

  it("shows each workspace the tree of its own pack, and the new pack's once that is in force", async () => {
    const [one, two] = [addPack('1.0.0', 1, 'cat'), addPack('1.0.1', 2, 'dog')]
    const [mine, theirs] = [await addWorkspace(db, { pack: one }), await addWorkspace(db, { pack: two })]
    const trees = (leaf: string) => [
      ['animals', false],
      [`animals/${leaf}`, true],
    ]
    expect(await told(mine)).toEqual([one, 'tiny/1', trees('cat')])
    expect(await told(theirs)).toEqual([two, 'tiny/2', trees('dog')])
    await db.query(`UPDATE workspaces SET pack = $2 WHERE id = $1`, [mine, two])
    expect(await told(mine)).toEqual([two, 'tiny/2', trees('dog')])
  })

  it('reads again what could not be read before', async () => {
    const workspace = await addWorkspace(db, { pack: 'starter/1.2.0' })
    await expect(taxonomies.get(workspace)).rejects.toMatchObject({ code: 'MODEL_MISSING' })
    addPack('1.2.0', 3, 'fox')
    expect((await told(workspace))[1]).toBe('tiny/3')
    await expect(taxonomies.get(newId())).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
