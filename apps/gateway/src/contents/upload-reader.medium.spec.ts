import multipart from '@fastify/multipart'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Database, openBlobs } from '@reeltag/platform'
import { createTestDatabase, type TestDatabase } from '@reeltag/testing'
import Fastify, { type FastifyInstance } from 'fastify'
import fs from 'node:fs'
import net, { type AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { UploadReader } from './upload-reader.js'

/** The client that leaves gets no answer, so what it would be told is read at the reader itself, behind a real socket. */
describe('UploadReader', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-uploads-'))
  let database: TestDatabase
  let db: Database
  let server: FastifyInstance
  let read: (outcome: unknown) => void
  beforeAll(async () => {
    database = await createTestDatabase()
    db = new Database(database.url, { poolMax: 2 })
    const blobs = await openBlobs({ address: { kind: 'folder', folder }, spoolFolder: folder }, db)
    const reader = new UploadReader(blobs, { bytesMax: 1_000_000, jsonBytesMax: 1_000, concurrentMax: 1 })
    server = Fastify()
    await server.register(multipart)
    server.route({
      method: 'POST',
      url: '/',
      handler: async (request) => read(await reader.read(request).catch((error: unknown) => error)),
    })
    await server.listen({ host: '127.0.0.1', port: 0 })
  })
  afterAll(async () => {
    await server.close()
    await db.close()
    await database.drop()
    fs.rmSync(folder, { recursive: true, force: true })
  })

  const part = (name: string, bytes: string): string =>
    `--B\r\ncontent-disposition: form-data; name="${name}"; filename="a"\r\n\r\n${bytes}`

  it.each([
    ['its file', part('file', 'x'.repeat(50_000))],
    ['its content', part('content', '{"title":')],
    ['the part behind its file', `${part('file', 'x'.repeat(50_000))}\r\n${part('content', '{')}`],
  ])('says of a client that leaves in %s that the upload was interrupted, and keeps nothing', async (_, body) => {
    const outcome = new Promise((resolve) => (read = resolve))
    const socket = net.connect((server.server.address() as AddressInfo).port, '127.0.0.1')
    socket.write(
      `POST / HTTP/1.1\r\nhost: x\r\ncontent-type: multipart/form-data; boundary=B\r\ncontent-length: 900000\r\n\r\n${body}`,
    )
    setTimeout(() => socket.destroy(), 200)
    expect(await outcome).toMatchObject({ code: 'UPLOAD_INTERRUPTED', retryable: true })
    expect(fs.existsSync(path.join(folder, 'uploads')) ? fs.readdirSync(path.join(folder, 'uploads')) : []).toEqual([])
  })
})
