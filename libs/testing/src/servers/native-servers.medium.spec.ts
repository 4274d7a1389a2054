import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { Redis } from 'ioredis'
import { Kafka, logLevel } from 'kafkajs'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { installOnce } from '../installing/install-once.js'
import { startKafka } from './kafka-server.js'
import { NativeServer } from './native-server.js'
import { startPostgres, type PostgresServer } from './postgres-server.js'
import { describeWith } from './prerequisites.js'
import { identityOf, isRunning } from '../process-identity.js'
import { startRedis } from './redis-server.js'
import { s3Credentials } from './s3-server.js'
import { sharedServer } from './shared-servers.js'
import { TcpProxy } from './tcp-proxy.js'
import { until } from '../until.js'

const redisDo = async <T>(address: string, work: (redis: Redis) => Promise<T>): Promise<T> => {
  const redis = new Redis(address, { retryStrategy: () => null, commandTimeout: 2_000 })
  redis.on('error', () => undefined)
  try {
    return await work(redis)
  } finally {
    redis.disconnect()
  }
}

describe('a native server', () => {
  it('takes along what it has started', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-group-'))
    const helper = path.join(folder, 'helper')
    const server = await new NativeServer('nowhere', {
      name: 'sh',
      command: ['sh', '-c', `sleep 60 & echo $! >"${helper}.new" && mv "${helper}.new" "${helper}"; exec sleep 60`],
      folder,
      answers: async () => fs.existsSync(helper),
    }).start()
    const left = identityOf(Number(fs.readFileSync(helper, 'utf8')))
    expect(isRunning(left)).toBe(true)
    await server.kill()
    await until('its helper is gone', 30, () => !isRunning(left))
    await server.remove()
  })
})

describeWith(['redis'], 'a Redis of one test', () => {
  let server: NativeServer
  beforeAll(async () => {
    server = await startRedis()
  })
  afterAll(() => server.remove())

  it('keeps what it stored through a kill, at the same address, and loses it when told to', async () => {
    const { address, pid } = server
    await redisDo(address, (redis) => redis.set('key', 'value'))
    await server.restart({ keepData: true })
    expect([server.address, server.pid === pid]).toEqual([address, false])
    expect(await redisDo(address, (redis) => redis.get('key'))).toBe('value')
    await server.restart({ keepData: false })
    expect(await redisDo(address, (redis) => redis.get('key'))).toBeNull()
  })

  it('refuses to evict', async () => {
    expect(await redisDo(server.address, (redis) => redis.config('GET', 'maxmemory-policy'))).toEqual([
      'maxmemory-policy',
      'noeviction',
    ])
  })

  it('answers nobody while it is paused or stopped', async () => {
    const ping = (): Promise<string> => redisDo(server.address, (redis) => redis.ping())
    server.pause()
    await expect(ping()).rejects.toThrow()
    server.resume()
    expect(await ping()).toBe('PONG')
    await server.stop()
    await expect(ping()).rejects.toThrow()
    await server.start()
    expect(await ping()).toBe('PONG')
  })

  it('says why it could not start', async () => {
    await expect(startRedis({ settings: { nonsense: 'yes' } })).rejects.toThrow(/redis-server ended before it answered/)
  })

  it('can be reached through a proxy that delays, swallows and resets', async () => {
    const proxy = await TcpProxy.start(server.address.replace('redis://', ''))
    const ping = async (): Promise<number> => {
      const started = performance.now()
      await redisDo(`redis://${proxy.address}`, (redis) => redis.ping())
      return performance.now() - started
    }
    await ping()
    proxy.delay(100)
    expect(await ping()).toBeGreaterThan(190)
    proxy.delay(0)
    proxy.set('black-hole')
    await expect(ping()).rejects.toThrow(/timed out/)
    proxy.set('reset')
    await expect(ping()).rejects.toThrow()
    proxy.set('pass')
    await ping()
    await proxy.close()
  })
})

describeWith(['kafka'], 'a Kafka of one test', () => {
  let server: NativeServer
  beforeAll(async () => {
    server = await startKafka()
  })
  afterAll(() => server.remove())

  it('gives back after a kill what it had acknowledged', async () => {
    const kafka = new Kafka({ brokers: [server.address], logLevel: logLevel.NOTHING })
    const admin = kafka.admin()
    await admin.connect()
    await admin.createTopics({ topics: [{ topic: 'facts', numPartitions: 2 }] })
    const producer = kafka.producer()
    await producer.connect()
    await producer.send({ topic: 'facts', acks: -1, messages: [{ key: 'a', value: 'first' }] })
    await Promise.all([producer.disconnect(), admin.disconnect()])
    await server.restart({ keepData: true })
    const consumer = kafka.consumer({ groupId: 'readers' })
    await consumer.connect()
    await consumer.subscribe({ topic: 'facts', fromBeginning: true })
    const value = await new Promise<string>((resolve, reject) => {
      const eachMessage = async ({ message }: { message: { value: Buffer | null } }): Promise<void> =>
        resolve(message.value?.toString() ?? '')
      consumer.run({ eachMessage }).catch(reject)
    })
    expect(value).toBe('first')
    await consumer.disconnect()
  })
})

describeWith(['s3'], 'the S3 of a test run', () => {
  it('is one server, however many ask for it at once', async () => {
    const [first, second] = await Promise.all([sharedServer('s3'), sharedServer('s3')])
    expect(first.address).toBe(second.address)
    expect(first.prefix).not.toBe(second.prefix)
    const url = new URL(first.address)
    const client = new S3Client({
      endpoint: url.searchParams.get('endpoint') ?? '',
      region: url.searchParams.get('region') ?? '',
      forcePathStyle: true,
      credentials: {
        accessKeyId: s3Credentials.AWS_ACCESS_KEY_ID,
        secretAccessKey: s3Credentials.AWS_SECRET_ACCESS_KEY,
      },
    })
    const object = { Bucket: url.hostname, Key: `${first.prefix}/object` }
    await client.send(new PutObjectCommand({ ...object, Body: 'bytes' }))
    const { Body: body } = await client.send(new GetObjectCommand(object))
    expect(await body?.transformToString()).toBe('bytes')
    client.destroy()
  })
})

describe('a Postgres of one test', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.remove())

  const query = async (text: string): Promise<unknown[]> => {
    const client = new pg.Client({ connectionString: server.address })
    await client.connect()
    try {
      return (await client.query(text)).rows as unknown[]
    } finally {
      await client.end()
    }
  }

  it('has what was committed after a kill and after a stop, at the same address', async () => {
    const { address } = server
    await query('CREATE TABLE kept (id int)')
    await query('INSERT INTO kept VALUES (1)')
    await server.kill()
    await expect(new pg.Client({ connectionString: address }).connect()).rejects.toThrow()
    await server.start()
    expect(server.address).toBe(address)
    expect(await query('SELECT id FROM kept')).toEqual([{ id: 1 }])
    await server.stop()
    await server.start()
    expect(await query('SELECT id FROM kept')).toEqual([{ id: 1 }])
  })
})

describe('installing a server into the cache', () => {
  const name = `test-${process.pid}`
  const cache = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-cache-'))
  const before = process.env['XDG_CACHE_HOME']
  beforeAll(() => {
    process.env['XDG_CACHE_HOME'] = cache
  })
  afterAll(() => {
    if (before === undefined) delete process.env['XDG_CACHE_HOME']
    else process.env['XDG_CACHE_HOME'] = before
    fs.rmSync(cache, { recursive: true, force: true })
  })

  it('happens once when two want it, and again after one failed, leaving nothing half-made', async () => {
    let times = 0
    const install = async (draft: string): Promise<void> => {
      times++
      fs.writeFileSync(path.join(draft, 'whole'), 'yes')
      await new Promise((resolve) => setTimeout(resolve, 50))
      if (times === 1) throw new Error('the network is down')
    }
    await expect(installOnce(name, install)).rejects.toThrow('the network is down')
    expect(fs.readdirSync(path.join(cache, 'reeltag'))).toEqual([])
    const folders = await Promise.all([installOnce(name, install), installOnce(name, install)])
    expect(times).toBe(2)
    expect(folders[0]).toBe(folders[1])
    expect(fs.readdirSync(path.join(cache, 'reeltag'))).toEqual([name])
  })

  it('takes over from an installer that was killed', async () => {
    fs.writeFileSync(path.join(cache, 'reeltag', 'other.lock'), JSON.stringify({ pid: 1, birth: 'never' }))
    const folder = await installOnce('other', () => Promise.resolve())
    expect(fs.existsSync(folder)).toBe(true)
  })
})
