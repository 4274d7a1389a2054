import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Database, newId } from '@reeltag/platform'
import { EmbeddingLedger, type EmbeddingKey } from './embedding-ledger.js'
import { addWorkspace, createTestDatabase, type TestDatabase } from '@reeltag/testing'

describe('EmbeddingLedger', () => {
  let database: TestDatabase
  let db: Database
  let ledger: EmbeddingLedger
  const [mine, theirs] = [newId(), newId()]
  beforeAll(async () => {
    database = await createTestDatabase()
    db = new Database(database.url, { poolMax: 4 })
    for (const id of [mine, theirs]) await addWorkspace(db, { id })
    ledger = new EmbeddingLedger(db)
  })
  afterAll(async () => {
    await db.close()
    await database.drop()
  })

  const key: EmbeddingKey = { workspaceId: mine, inputHash: 'input', preprocessing: 'resize-96', encoder: 'v/1.0.0' }
  const vectors = (value: number) => ({ rows: 1, dimensions: 2, vectors: Buffer.from([value, 0, value, 0]) })

  it('finds an embedding by everything that made it, and by nothing less', async () => {
    const id = await ledger.keep(key, vectors(1))
    expect(await ledger.find(key)).toBe(id)
    const others: EmbeddingKey[] = [
      { ...key, workspaceId: theirs },
      { ...key, inputHash: 'other' },
      { ...key, preprocessing: 'resize-224' },
      { ...key, encoder: 'v/2.0.0' },
    ]
    for (const other of others) expect([other, await ledger.find(other)]).toEqual([other, undefined])
    const ids = [id]
    for (const [index, other] of others.entries()) ids.push(await ledger.keep(other, vectors(index + 2)))
    expect(new Set(ids).size).toBe(5)
    expect(await Promise.all([key, ...others].map((one) => ledger.find(one)))).toEqual(ids)
  })

  it('gives all who make the same at once one embedding, and keeps the first', async () => {
    const same = { ...key, inputHash: 'raced' }
    const ids = await Promise.all([1, 2, 3, 4].map((value) => ledger.keep(same, vectors(value))))
    expect(new Set(ids).size).toBe(1)
    const before = (await ledger.read(ids)).get(ids[0] ?? '')?.vectors
    await ledger.keep(same, vectors(9))
    expect((await ledger.read(ids)).get(ids[0] ?? '')?.vectors).toEqual(before)
  })

  it('reads those that were asked for, and leaves out what is gone', async () => {
    const [one, two] = [
      await ledger.keep({ ...key, inputHash: '1' }, vectors(1)),
      await ledger.keep({ ...key, inputHash: '2' }, vectors(2)),
    ]
    expect([...(await ledger.read([two, newId()])).keys()]).toEqual([two])
    expect((await ledger.read([one, two])).get(one)).toMatchObject({ rows: 1, dimensions: 2 })
  })
})
