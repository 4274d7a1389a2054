import { CreateMultipartUploadCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals'
import { Database, newId, openBlobs, parseBlobAddress, type Blobs } from '@reeltag/platform'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { describeWith, type ServerName } from './servers/prerequisites.js'
import { s3Credentials } from './servers/s3-server.js'
import { sharedServer } from './servers/shared-servers.js'
import { TcpProxy } from './servers/tcp-proxy.js'
import { addWorkspace } from './database/add-workspace.js'
import { createTestDatabase, type TestDatabase } from './database/test-database.js'

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-blobs-'))
const spoolFolder = path.join(scratch, 'spool')
const MiB = 2 ** 20
let database: TestDatabase
let db: Database
let s3Url: URL

beforeAll(async () => {
  Object.assign(process.env, s3Credentials)
  database = await createTestDatabase()
  db = new Database(database.url, { poolMax: 4 })
})
afterAll(async () => {
  await db.close()
  await database.drop()
  fs.rmSync(scratch, { recursive: true, force: true })
})

const age = (sha256: string): Promise<unknown> =>
  db.query(`UPDATE blobs SET touched_at = now() - interval '2 days' WHERE sha256 = $1`, [sha256])
const open = (address: string): Promise<Blobs> => openBlobs({ address: parseBlobAddress(address), spoolFolder }, db)

/** As the gateway does it: written to the spool and hashed on the way. */
const upload = async (blobs: Blobs, workspace: string, bytes: Uint8Array): Promise<string> => {
  const file = { path: await blobs.newUploadPath(), bytes: bytes.byteLength }
  fs.writeFileSync(file.path, bytes)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  await blobs.adopt(workspace, { ...file, sha256 })
  fs.rmSync(file.path, { force: true })
  return sha256
}

const s3Address = async (): Promise<string> => {
  const { address, prefix } = await sharedServer('s3')
  s3Url = new URL(address)
  s3Url.pathname = prefix
  return s3Url.href
}

const stores: [name: string, servers: ServerName[], address: () => Promise<string>][] = [
  ['a folder', [], () => Promise.resolve(`file:${path.join(scratch, 'blobs')}`)],
  ['an S3 bucket', ['s3'], s3Address],
]

for (const [name, servers, address] of stores) {
  describeWith(servers, `blobs in ${name}`, () => {
    let blobs: Blobs
    let [mine, theirs, at] = ['', '', '']
    beforeAll(async () => {
      await db.query(`DELETE FROM shared_stores`)
      at = await address()
      blobs = await open(at)
    })
    beforeEach(async () => {
      mine = await addWorkspace(db)
      theirs = await addWorkspace(db)
    })

    it('can be written and read, and says so', async () => {
      await expect(blobs.check()).resolves.toBeUndefined()
    })

    it('are where all processes of a database keep them: another address is refused, and says why', async () => {
      await expect(Promise.all([blobs.check(), (await open(at)).check()])).resolves.toBeDefined()
      const elsewhere = await open(at.replace(/^[^?]*/, '$&/elsewhere'))
      await expect(elsewhere.check()).rejects.toMatchObject({
        code: 'BLOBS_DIFFER',
        message: expect.stringMatching(/the store "[\w-]{36}", and this one has no store-id/),
      })
      await expect(blobs.check()).resolves.toBeUndefined()
    })

    it('stores equal bytes once in a workspace, and not at all for another', async () => {
      const [first, second] = await Promise.all([
        blobs.put(mine, Buffer.from('same')),
        blobs.put(mine, Buffer.from('same')),
      ])
      expect(first).toEqual(second)
      expect((await blobs.read(mine, first.sha256)).toString()).toBe('same')
      await expect(blobs.read(theirs, first.sha256)).rejects.toMatchObject({ code: 'BLOB_MISSING' })
    })

    it('takes over a large upload whole, twice without harm', async () => {
      const bytes = new Uint8Array(11 * MiB).map((_, index) => (index * 31 + (index >> 13)) % 256)
      const sha256 = await upload(blobs, mine, bytes)
      expect(await upload(blobs, mine, bytes)).toBe(sha256)
      expect((await blobs.read(mine, sha256)).equals(bytes)).toBe(true)
    })

    it('reads a part as a stream, from any byte to any other, and knows how many there are', async () => {
      const bytes = new Uint8Array(300_000).map((_, index) => (index * 31 + (index >> 13)) % 256)
      const sha256 = await upload(blobs, mine, bytes)
      expect(await blobs.sizeOf(mine, sha256)).toBe(bytes.length)
      for (const [first, last] of [
        [0, 0],
        [0, 299_999],
        [99_999, 200_001],
        [299_999, 299_999],
      ] as const) {
        const part = await buffer(await blobs.openRange(mine, sha256, { first, last }))
        expect([first, part.equals(bytes.subarray(first, last + 1))]).toEqual([first, true])
      }
      await expect(blobs.sizeOf(theirs, sha256)).rejects.toMatchObject({ code: 'BLOB_MISSING' })
      const range = { first: 0, last: 1 }
      await expect(blobs.openRange(theirs, sha256, range)).rejects.toMatchObject({ code: 'BLOB_MISSING' })
    })

    it('gives a path to who needs one, and leaves no copy behind', async () => {
      const sha256 = await upload(blobs, mine, Buffer.from('video'))
      let given = ''
      const text = await blobs.withFile(mine, sha256, async (file) => {
        given = file
        return fs.promises.readFile(file, 'utf8')
      })
      expect(text).toBe('video')
      const failing = blobs.withFile(mine, sha256, () => Promise.reject(new Error('undecodable')))
      await expect(failing).rejects.toThrow('undecodable')
      expect(fs.existsSync(spoolFolder) ? fs.readdirSync(spoolFolder) : []).toEqual([])
      await expect(blobs.withFile(theirs, sha256, () => Promise.resolve())).rejects.toMatchObject({
        code: 'BLOB_MISSING',
      })
      expect(given).not.toBe('')
    })

    it('sweeps what is old and unused, keeps what is referred to, and what was stored again just now', async () => {
      const [unused, kept, again] = await Promise.all(
        ['unused', 'kept', 'again'].map((text) => blobs.put(mine, Buffer.from(text))),
      )
      const reference = { workspaceId: mine, sha256: kept!.sha256, role: 'video' as const, ownerId: newId() }
      await db.transaction((tx) => blobs.refer(tx, [reference]), { durable: false })
      for (const { sha256 } of [unused!, kept!, again!]) await age(sha256)
      await blobs.put(mine, Buffer.from('again'))
      await blobs.sweep({ graceSeconds: 3_600 })
      await expect(blobs.read(mine, unused!.sha256)).rejects.toMatchObject({ code: 'BLOB_MISSING' })
      expect((await blobs.read(mine, kept!.sha256)).toString()).toBe('kept')
      expect((await blobs.read(mine, again!.sha256)).toString()).toBe('again')
    })

    it('keeps bytes that are stored again while they are swept', async () => {
      const { sha256 } = await blobs.put(mine, Buffer.from('contended'))
      for (let round = 0; round < 5; round++) {
        await age(sha256)
        await Promise.all([blobs.sweep({ graceSeconds: 3_600 }), blobs.put(mine, Buffer.from('contended'))])
        expect((await blobs.read(mine, sha256)).toString()).toBe('contended')
      }
    })

    it('removes uploads that a crash left behind, and no others', async () => {
      const [old, fresh] = [await blobs.newUploadPath(), await blobs.newUploadPath()]
      for (const file of [old, fresh]) fs.writeFileSync(file, 'x')
      fs.utimesSync(old, 0, 0)
      expect(await blobs.sweepUploads({ graceSeconds: 60 })).toBe(1)
      expect([fs.existsSync(old), fs.existsSync(fresh)]).toEqual([false, true])
      fs.rmSync(fresh)
    })
  })
}

it('knows a folder whose disk is not mounted, and one that was moved with its mark', async () => {
  await db.query(`DELETE FROM shared_stores`)
  const [folder, moved] = [path.join(scratch, 'disk'), path.join(scratch, 'moved')]
  const blobs = await open(`file:${folder}`)
  await blobs.check()
  const workspace = await addWorkspace(db)
  const { sha256 } = await blobs.put(workspace, Buffer.from('safe'))
  fs.renameSync(folder, moved)
  await expect(blobs.check()).rejects.toMatchObject({ code: 'BLOBS_DIFFER' })
  // No content fails for it: the bytes are only elsewhere.
  await expect(blobs.read(workspace, sha256)).rejects.toMatchObject({ code: 'BLOBS_DIFFER', isOutage: true })
  // Nor is anything written to where the disk will be mounted again.
  await expect(blobs.put(workspace, Buffer.from('new'))).rejects.toMatchObject({ code: 'BLOBS_DIFFER' })
  await expect(upload(blobs, workspace, Buffer.from('video'))).rejects.toMatchObject({ code: 'BLOBS_DIFFER' })
  await expect((await open(`file:${moved}`)).check()).resolves.toBeUndefined()
  fs.rmSync(folder, { recursive: true })
  fs.renameSync(moved, folder)
  expect((await blobs.put(workspace, Buffer.from('safe'))).sha256).toBe(sha256)
})

it('sweeps a store of any size: what is behind the first page, and then from the beginning again', async () => {
  await db.query(`DELETE FROM shared_stores`)
  const blobs = await open(`file:${path.join(scratch, 'large')}`)
  const [workspace, last] = [await addWorkspace(db), await addWorkspace(db)]
  await db.query(
    `WITH kept AS (INSERT INTO blobs (workspace_id, sha256, bytes, touched_at)
       SELECT $1, lpad(to_hex(n), 64, '0'), 1, now() - interval '2 days' FROM generate_series(1, 20001) AS n
       RETURNING workspace_id, sha256)
     INSERT INTO blob_refs (workspace_id, sha256, role, owner_id)
     SELECT workspace_id, sha256, 'video', gen_random_uuid() FROM kept`,
    [workspace],
  )
  const unused = await blobs.put(last, Buffer.from('behind all of them'))
  await age(unused.sha256)
  const gone = (sha256: string) => db.query(`SELECT 1 FROM blobs WHERE sha256 = $1`, [sha256])
  await blobs.sweep({ graceSeconds: 3_600 })
  expect(await gone(unused.sha256)).toHaveLength(1)
  await blobs.sweep({ graceSeconds: 3_600 })
  expect(await gone(unused.sha256)).toEqual([])
  const first = '0'.repeat(63) + '1'
  await db.query(`DELETE FROM blob_refs WHERE sha256 = $1`, [first])
  // One finds that nothing is left behind the last, the next begins again.
  for (let sweep = 0; sweep < 2; sweep++) await blobs.sweep({ graceSeconds: 3_600 })
  expect(await gone(first)).toEqual([])
  await db.query(`DELETE FROM blob_refs WHERE workspace_id = $1`, [workspace])
  await db.query(`DELETE FROM blobs WHERE workspace_id = $1`, [workspace])
})

it('keeps bytes that are stored again between the look at a page and the taking of its rows', async () => {
  await db.query(`DELETE FROM shared_stores`)
  const address = parseBlobAddress(`file:${path.join(scratch, 'raced')}`)
  const blobs = await openBlobs({ address, spoolFolder }, db)
  const workspace = await addWorkspace(db)
  const { sha256 } = await blobs.put(workspace, Buffer.from('stored again'))
  await age(sha256)
  let looks = 0
  const interrupted = Object.assign(Object.create(db) as Database, {
    transaction: ((run, options) =>
      db.transaction(async (tx) => {
        const query: typeof tx.query = async (sql, params) => {
          const rows = await tx.query<never>(sql, params)
          if (looks++ === 0) await blobs.put(workspace, Buffer.from('stored again'))
          return rows
        }
        return run({ query })
      }, options)) as Database['transaction'],
  })
  await (await openBlobs({ address, spoolFolder }, interrupted)).sweep({ graceSeconds: 3_600 })
  expect(looks).toBeGreaterThan(1)
  expect((await blobs.read(workspace, sha256)).toString()).toBe('stored again')
})

describeWith(['s3'], 'an S3 bucket', () => {
  let client: S3Client
  beforeAll(async () => {
    await db.query(`DELETE FROM shared_stores`)
    await s3Address()
    const endpoint = s3Url.searchParams.get('endpoint') ?? ''
    client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true })
  })
  afterAll(() => client.destroy())

  it('receives large uploads in parts, and those of a process that died are given up', async () => {
    const blobs = await open(s3Url.href)
    const workspace = await addWorkspace(db)
    const sha256 = await upload(blobs, workspace, new Uint8Array(11 * MiB))
    const bucket = {
      Bucket: s3Url.host,
      Key: `${s3Url.pathname.slice(1)}/${workspace}/${sha256.slice(0, 2)}/${sha256}`,
    }
    // The tag of an object that came in three parts.
    expect((await client.send(new HeadObjectCommand(bucket))).ETag).toMatch(/-3"$/)
    await client.send(new CreateMultipartUploadCommand({ ...bucket, Key: `${bucket.Key}-abandoned` }))
    expect(await blobs.sweepUploads({ graceSeconds: 0 })).toBe(1)
    expect(await blobs.sweepUploads({ graceSeconds: 0 })).toBe(0)
  })

  it('that is away is an outage: nothing is lost, and it works when it is back', async () => {
    const proxy = await TcpProxy.start(new URL(s3Url.searchParams.get('endpoint') ?? '').host)
    const address = new URL(s3Url.href)
    address.searchParams.set('endpoint', `http://${proxy.address}`)
    const blobs = await open(address.href)
    const workspace = await addWorkspace(db)
    const { sha256 } = await blobs.put(workspace, Buffer.from('kept'))
    proxy.set('reset')
    const outage = { code: 'BLOBS_UNAVAILABLE', retryable: true, isOutage: true }
    await expect(blobs.check()).rejects.toMatchObject(outage)
    await expect(blobs.read(workspace, sha256)).rejects.toMatchObject(outage)
    await expect(blobs.put(workspace, Buffer.from('new'))).rejects.toMatchObject(outage)
    await expect(upload(blobs, workspace, Buffer.from('video'))).rejects.toMatchObject(outage)
    await age(sha256)
    await expect(blobs.sweep({ graceSeconds: 60 })).rejects.toMatchObject(outage)
    proxy.set('pass')
    expect((await blobs.read(workspace, sha256)).toString()).toBe('kept')
    expect(await blobs.sweep({ graceSeconds: 60 })).toBeGreaterThan(0)
    await proxy.close()
  })

  it('that does not exist is refused, and named', async () => {
    const address = new URL(s3Url.href)
    address.host = 'nobodys'
    const blobs = await open(address.href)
    await expect(blobs.check()).rejects.toMatchObject({ code: 'BLOBS_UNAVAILABLE' })
    await expect(blobs.check()).rejects.toThrow(/nobodys/)
  })
})
