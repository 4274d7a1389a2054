import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Database, newId, openBlobs, type Blobs } from '@reeltag/platform'
import { addWorkspace, createTestDatabase, type TestDatabase } from '@reeltag/testing'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { FrameSetsRepository, type FrameSet } from './frame-sets.repository.js'

const hash = (text: string): string => createHash('sha256').update(text).digest('hex')

describe('FrameSetsRepository', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-frame-sets-'))
  let database: TestDatabase
  let db: Database
  let blobs: Blobs
  let frameSets: FrameSetsRepository
  const [mine, theirs] = [newId(), newId()]
  beforeAll(async () => {
    database = await createTestDatabase()
    db = new Database(database.url, { poolMax: 4 })
    blobs = await openBlobs({ address: { kind: 'folder', folder }, spoolFolder: folder }, db)
    frameSets = new FrameSetsRepository(db, blobs)
    for (const id of [mine, theirs]) await addWorkspace(db, { id })
  })
  afterAll(async () => {
    await db.close()
    await database.drop()
    fs.rmSync(folder, { recursive: true, force: true })
  })

  /** Frames whose bytes are in the store, as after a decoding. */
  const aFrameSet = async (key: Omit<FrameSet, 'output'>, frames = newId()): Promise<FrameSet> => {
    await blobs.put(key.workspaceId, Buffer.from(frames))
    await blobs.put(key.workspaceId, Buffer.from('strip'))
    const output = {
      framesSha256: hash(frames),
      filmstripSha256: hash('strip'),
      frames: 1,
      size: 96,
      timesMs: [0],
      durationMs: 1,
      width: 2,
      height: 2,
      decoded: true,
    }
    return { ...key, output }
  }
  const insert = (...sets: FrameSet[]) => db.transaction((tx) => frameSets.insert(tx, sets), { durable: false })
  const find = async ({ workspaceId, videoSha256, plan }: Omit<FrameSet, 'output'>) =>
    (await frameSets.find(workspaceId, videoSha256, plan))?.framesSha256

  it('finds frames by workspace, video and plan, and by nothing less', async () => {
    const key = { workspaceId: mine, videoSha256: hash('video'), plan: 'even-4@96' }
    const others = [
      { ...key, workspaceId: theirs },
      { ...key, videoSha256: hash('another') },
      { ...key, plan: 'even-8@96' },
      { ...key, plan: 'even-4@224' },
    ]
    const first = await aFrameSet(key)
    await insert(first)
    for (const other of others) expect([other, await find(other)]).toEqual([other, undefined])
    const sets = [first, ...(await Promise.all(others.map((other) => aFrameSet(other))))]
    await insert(...sets.slice(1))
    expect(await Promise.all(sets.map(find))).toEqual(sets.map(({ output }) => output.framesSha256))
  })

  it('keeps the frames that came first, and lets go of those that came second', async () => {
    const key = { workspaceId: mine, videoSha256: hash('twice'), plan: 'even-4@96' }
    const [first, second] = [await aFrameSet(key), await aFrameSet(key)]
    await Promise.all([insert(first), insert(second)])
    const kept = await find(key)
    const lost = [first, second].map(({ output }) => output.framesSha256).find((sha256) => sha256 !== kept)
    await db.query(`UPDATE blobs SET touched_at = now() - interval '2 days'`)
    await blobs.sweep({ graceSeconds: 60 })
    await expect(blobs.read(mine, kept ?? '')).resolves.toBeDefined()
    await expect(blobs.read(mine, first.output.filmstripSha256)).resolves.toBeDefined()
    await expect(blobs.read(mine, lost ?? '')).rejects.toMatchObject({ code: 'BLOB_MISSING' })
  })
})
