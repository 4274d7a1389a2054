import { describe, expect, it } from '@jest/globals'
import { serviceNames } from '@reeltag/contracts'
import os from 'node:os'
import path from 'node:path'
import { loadConfig } from './config.js'

const problemsOf = (environment: Record<string, string>): string => {
  try {
    loadConfig(environment)
    return ''
  } catch (error) {
    return (error as Error).message
  }
}

describe('loadConfig', () => {
  it('needs nothing: everything has a default', () => {
    const config = loadConfig({})
    expect(config.http).toEqual({ host: '127.0.0.1', port: 3000, hostsAllowed: [], proxiesTrusted: [] })
    expect(config.home).toBe(path.join(os.homedir(), '.reeltag'))
    expect(config.services).toEqual([...serviceNames])
  })

  it('names every bad variable at once', () => {
    const problems = problemsOf({ PORT: 'abc', LOG_LEVEL: 'loud', REELTAG_SERVICES: 'gateway,kitchen', DECODERS: '0' })
    for (const name of ['PORT', 'LOG_LEVEL', 'REELTAG_SERVICES', 'DECODERS']) expect(problems).toContain(name)
  })

  it('refuses a combination that cannot work, and says what is missing, in both languages', () => {
    const problems = problemsOf({ REELTAG_SERVICES: 'gateway' })
    expect(problems).toMatch(/DATABASE_URL: needed.*ingest.*共用的 Postgres/)
    expect(problems).toMatch(/BLOB_URL: needed.*共用的存储/)
    expect(problemsOf({ REELTAG_SERVICES: 'gateway', DATABASE_URL: 'postgresql://u:p@h/d', BLOB_URL: 'file:/b' })).toBe(
      '',
    )
  })

  it('names wrong variables and refused combinations together', () => {
    const problems = problemsOf({ REELTAG_SERVICES: 'gateway', PORT: 'abc' })
    for (const name of ['PORT', 'DATABASE_URL', 'BLOB_URL']) expect(problems).toContain(name)
  })

  it('takes addresses of people and of their provider over https, or http on this machine', () => {
    for (const wrong of ['http://tags.example', 'https://tags.example/', 'https://tags.example/app', 'tags.example'])
      expect(problemsOf({ PUBLIC_URL: wrong })).toMatch(/PUBLIC_URL/)
    expect(loadConfig({ PUBLIC_URL: 'https://tags.example' }).http.hostsAllowed).toEqual(['tags.example'])
    expect(problemsOf({ PUBLIC_URL: 'http://127.0.0.1:3000' })).toBe('')
    expect(problemsOf({ OPENID_ISSUER: 'https://id.example' })).toMatch(/OPENID_CLIENT_ID.*须同时提供/)
    expect(problemsOf({ OPENID_CLIENT_SECRET: 'secret' })).toMatch(/OPENID_ISSUER/)
    expect(problemsOf({ PROXIES_TRUSTED: '10.0.0.0/8, proxy' })).toMatch(/PROXIES_TRUSTED/)
    expect(loadConfig({ PROXIES_TRUSTED: '10.0.0.0/8, ::1' }).http.proxiesTrusted).toEqual(['10.0.0.0/8', '::1'])
    const openId = { OPENID_ISSUER: 'https://id.example', OPENID_CLIENT_ID: 'reeltag' }
    expect(loadConfig(openId).accounts.openId).toMatchObject({ newUsers: 'refuse', clientSecret: undefined })
    expect(loadConfig({}).accounts.openId).toBeUndefined()
  })

  it('takes a model server by its address, and refuses a GPU beside it', () => {
    const server = { MODEL_SERVER_URL: 'http://models:8000/kserve' }
    expect(loadConfig(server).models.server).toEqual({ url: 'http://models:8000/kserve', timeoutMs: 30_000 })
    expect(loadConfig({}).models.server).toBeUndefined()
    expect(problemsOf({ ...server, MODEL_DEVICE: 'cuda' })).toMatch(/MODEL_DEVICE: leave cuda out.*编码器/)
    for (const url of ['models:8000', 'grpc://models:8001', 'http://user:secret@models', 'http://models?key=secret']) {
      expect(problemsOf({ MODEL_SERVER_URL: url })).toMatch(/MODEL_SERVER_URL/)
      expect(problemsOf({ MODEL_SERVER_URL: url })).not.toMatch(/secret/)
    }
  })

  it.each([
    ['ftp://bucket', /file:\/folder, or s3:/],
    ['s3:bucket', /file:\/folder, or s3:/],
    ['s3://key:secret@bucket', /credentials do not belong/],
    ['s3://B', /not the name of a bucket/],
    ['s3://bucket?endpoint=minio:9000', /endpoint is http/],
    ['s3://bucket?endpoint=http://user:password@minio:9000', /endpoint is http/],
    ['s3://bucket?pathStyle=yes', /pathStyle is true or false/],
    ['s3://bucket?regoin=eu-west-1', /regoin/],
  ])('refuses %s as the place of blobs, and says why', (url, reason) => {
    expect(problemsOf({ BLOB_URL: url })).toMatch(reason)
    expect(problemsOf({ BLOB_URL: url })).not.toMatch(/secret@|password/)
  })

  it('reads where blobs lie', () => {
    const addressOf = (url: string): unknown => loadConfig({ BLOB_URL: url }).blobs.address
    expect(addressOf('file:/var/blobs')).toEqual({ kind: 'folder', folder: '/var/blobs' })
    const s3 = { kind: 's3', bucket: 'tags', prefix: '', endpoint: undefined, region: 'eu-west-1', pathStyle: false }
    expect(addressOf('s3://tags?region=eu-west-1')).toEqual(s3)
    expect(addressOf('s3://tags/a/b/?endpoint=http://minio:9000')).toEqual({
      kind: 's3',
      bucket: 'tags',
      prefix: 'a/b/',
      endpoint: 'http://minio:9000',
      region: 'us-east-1',
      pathStyle: true,
    })
  })

  it('refuses a bootstrap key that no Authorization header could carry', () => {
    for (const key of ['short', 'with spaces in the middle', '密钥密钥密钥密钥密钥密钥密钥密钥', 'k'.repeat(513)])
      expect(problemsOf({ REELTAG_BOOTSTRAP_KEY: key })).toContain('REELTAG_BOOTSTRAP_KEY')
    for (const key of ['rt_0123456789abc', 'k'.repeat(512)]) expect(problemsOf({ REELTAG_BOOTSTRAP_KEY: key })).toBe('')
    expect(problemsOf({ REELTAG_BOOTSTRAP_KEY: 'rt_0123456789ab' })).toContain('REELTAG_BOOTSTRAP_KEY')
  })

  it('reads settings of queues, and refuses what it cannot read or does not know', () => {
    const { queues } = loadConfig({
      REDIS_URL: 'rediss://user:pass@redis:6380/2',
      QUEUE_CONCURRENCY: 'ingest=4, vision=64',
      QUEUE_RATES: 'vision=100/s,ingest=3000/min',
    })
    expect(queues).toMatchObject({ redisUrl: 'rediss://user:pass@redis:6380/2', redisPrefix: 'reeltag' })
    expect(queues.concurrency).toEqual({ ingest: 4, vision: 64 })
    expect(queues.rates).toEqual({
      vision: { max: 100, durationMs: 1_000 },
      ingest: { max: 3_000, durationMs: 60_000 },
    })
    const wrong: [string, string][] = [
      ['REDIS_URL', 'redis.example:6379'],
      ['REDIS_PREFIX', 'a:b'],
      ...['kitchen=1', 'ingest=0', 'ingest=1025', 'ingest=1,ingest=2', 'ingest', '__proto__=1', 'ingest=1=2'].map(
        (value): [string, string] => ['QUEUE_CONCURRENCY', value],
      ),
      ...['ingest=0/s', 'ingest=5', 'ingest=5/day', 'ingest=-1/s'].map((value): [string, string] => [
        'QUEUE_RATES',
        value,
      ]),
    ]
    for (const [name, value] of wrong) expect(problemsOf({ [name]: value })).toContain(`${name}:`)
  })

  it.each([
    ['PORT', 0, 65_535],
    ['DATABASE_POOL_MAX', 2, 200],
    ['UPLOAD_BYTES_MAX', 1, 64 * 2 ** 30],
    ['JSON_BYTES_MAX', 1_024, 16 * 2 ** 20],
    ['UPLOADS_MAX', 1, 10_000],
    ['VIDEO_STREAMS_MAX', 1, 256],
    ['MODEL_BATCH_MAX', 1, 1_024],
    ['EVENTS_KEPT_DAYS', 1, 3_650],
    ['SCORES_KEPT_DAYS', 0, 3_650],
    ['CALIBRATION_REFIT_LABELS', 0, 100_000_000],
    ['REVIEW_LEASE_SECONDS', 5, 3_600],
    ['REVIEW_GRACE_SECONDS', 0, 3_600],
    ['START_WAIT_SECONDS', 0, 3_600],
    ['STOP_TIMEOUT_SECONDS', 1, 3_600],
  ])('holds %s to %d and %d, and to whole numbers', (name, min, max) => {
    for (const value of [min, max]) expect(problemsOf({ [name]: `${value}` })).toBe('')
    for (const value of [min - 1, max + 1, min + 0.5]) expect(problemsOf({ [name]: `${value}` })).toContain(`${name}:`)
  })

  it('holds the share of audits to 0 and 1', () => {
    expect(loadConfig({}).audits).toEqual({ share: 0.02 })
    for (const value of ['0', '0.5', '1']) expect(problemsOf({ AUDIT_SHARE: value })).toBe('')
    for (const value of ['-0.1', '1.1', '2 %']) expect(problemsOf({ AUDIT_SHARE: value })).toContain('AUDIT_SHARE:')
  })

  it('takes queues of 1 to 1024 jobs at once, and rates by the hour', () => {
    expect(loadConfig({ QUEUE_CONCURRENCY: 'ingest=1,vision=1024' }).queues.concurrency).toEqual({
      ingest: 1,
      vision: 1_024,
    })
    expect(loadConfig({ QUEUE_RATES: 'ingest=1/h' }).queues.rates).toEqual({
      ingest: { max: 1, durationMs: 3_600_000 },
    })
  })

  it('takes Kafka by address, and refuses half a login or half a certificate', () => {
    expect(loadConfig({}).kafka).toBeUndefined()
    expect(loadConfig({ KAFKA_BROKERS: 'a:9092, [::1]:9093' }).kafka?.brokers).toEqual(['a:9092', '[::1]:9093'])
    const kafka = { KAFKA_BROKERS: 'a:9092' }
    expect(problemsOf({ KAFKA_BROKERS: 'kafka://a' })).toMatch(/KAFKA_BROKERS: host:port/)
    expect(problemsOf({ ...kafka, KAFKA_SASL: 'plain', KAFKA_USERNAME: 'u' })).toMatch(/KAFKA_PASSWORD/)
    expect(problemsOf({ ...kafka, KAFKA_USERNAME: 'u', KAFKA_PASSWORD: 'p' })).toMatch(/KAFKA_SASL/)
    expect(problemsOf({ ...kafka, KAFKA_TLS: 'on', KAFKA_TLS_CERT: import.meta.filename })).toMatch(/KAFKA_TLS_KEY/)
    expect(problemsOf({ ...kafka, KAFKA_TLS_CA: import.meta.filename })).toMatch(/KAFKA_TLS: must be on/)
    expect(problemsOf({ ...kafka, KAFKA_TLS: 'on', KAFKA_TLS_CA: '/nowhere.pem' })).toMatch(/KAFKA_TLS_CA: there is no/)
  })

  it('treats an empty variable as unset', () => {
    expect(loadConfig({ PORT: '', DATABASE_URL: '', REDIS_URL: '' }).http.port).toBe(3000)
  })
})
