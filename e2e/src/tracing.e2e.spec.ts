import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { ContentView, type ContentAccepted } from '@reeltag/contracts'
import {
  createTestDatabase,
  describeWith,
  sharedServer,
  until,
  type ServerName,
  type TestDatabase,
} from '@reeltag/testing'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { OtlpReceiver, type ReceivedSpan } from './otlp-receiver.js'
import { RunningPlatform, samples } from './running-platform.js'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const caller = '00f067aa0ba902b7'

/** What every video leaves in its trace, whatever carries its jobs and events. */
const spansWanted = [
  ...['POST /v1/contents', 'upload', 'accept', 'commit', 'decode'],
  ...['sample-frames', 'embed-text', 'embed-frames', 'classify'].flatMap((stage) => [`wait ${stage}`, `run ${stage}`]),
  ...['content.submitted.v1', 'frames.sampled.v1', 'tags.predicted.v1'].map((event) => `publish ${event}`),
]

/** What carries jobs and events; the trace is the same. */
const carriers: { name: string; servers: ServerName[]; environment: () => Promise<Record<string, string>> }[] = [
  { name: 'queues in Postgres, events inside the process', servers: [], environment: () => Promise.resolve({}) },
  {
    name: 'queues in Redis, events through Kafka',
    servers: ['redis', 'kafka'],
    environment: async () => {
      const [redis, kafka] = await Promise.all([sharedServer('redis'), sharedServer('kafka')])
      return {
        REDIS_URL: redis.address,
        REDIS_PREFIX: redis.prefix,
        KAFKA_BROKERS: kafka.address,
        KAFKA_PREFIX: `${kafka.prefix}.`,
      }
    },
  },
]

for (const carrier of carriers)
  describeWith(carrier.servers, `a trace (${carrier.name})`, () => {
    let environment: Record<string, string>
    let receiver: OtlpReceiver
    let database: TestDatabase
    const running: RunningPlatform[] = []
    let front: RunningPlatform
    const blobs = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-tracing-'))
    beforeAll(async () => {
      receiver = await OtlpReceiver.open()
      database = await createTestDatabase()
      environment = await carrier.environment()
    })
    afterAll(async () => {
      for (const platform of running) await platform.close()
      await receiver.close()
      await database.drop()
      fs.rmSync(blobs, { recursive: true, force: true })
    })

    const start = async (services: string): Promise<RunningPlatform> => {
      const platform = await RunningPlatform.start({
        DATABASE_URL: database.url,
        BLOB_URL: `file:${blobs}`,
        REELTAG_SERVICES: services,
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_BSP_SCHEDULE_DELAY: '200',
        // Long enough for texts that come together to meet in one run.
        MODEL_BATCH_DELAY_MS: '300',
        LOG_LEVEL: 'info',
        ...environment,
      })
      running.push(platform)
      return platform
    }

    it('follows one video from the request of a caller through every service and back, across processes', async () => {
      front = await start('gateway')
      await Promise.all(
        ['ingest', 'vision-encoder', 'text-encoder,fusion', 'review'].map((services) => start(services)),
      )
      const [sample] = samples()
      const form = new FormData()
      form.append('content', JSON.stringify({ title: sample?.title }))
      form.append('file', new Blob([new Uint8Array(fs.readFileSync(sample?.file ?? ''))]), 'clip.mp4')
      const response = await front.fetch('/v1/contents', {
        method: 'POST',
        body: form,
        headers: { traceparent: `00-${traceId}-${caller}-01` },
      })
      const { id } = (await response.json()) as ContentAccepted
      await until('the content is final', 60, async () => {
        const content = ContentView.parse(await front.json(`/v1/contents/${id}`))
        return content.state === 'processing' ? undefined : content
      })
      const spans = await until('every span has arrived', 30, async () => {
        const received = receiver.traceOf(traceId)
        const names = new Set(received.map(({ name }) => name))
        const consumed = received.some(({ name }) => name.startsWith('process '))
        return consumed && spansWanted.every((name) => names.has(name)) ? received : undefined
      }).catch((error: unknown) => {
        throw new Error(`${String(error)}: ${[...new Set(receiver.spans.map(({ name }) => name))].join(', ')}`)
      })
      expectConnected(spans)
      expect(new Set(spans.map(({ service }) => service))).toEqual(
        new Set(['reeltag-gateway', 'reeltag-ingest', 'reeltag-vision-encoder', 'reeltag', 'reeltag-review']),
      )
      expect(spans.filter(({ name }) => name.startsWith('infer '))).toHaveLength(3)
      expect(spans.find(({ name }) => name === 'run classify')?.attributes).toMatchObject({
        'reeltag.content.id': id,
        'reeltag.stage': 'classify',
        'reeltag.attempt': 1,
        'reeltag.outcome': 'done',
      })
      // Logs of the same request are found by the same ids.
      const line = front.log.split('\n').find((text) => text.includes('"msg":"request"') && text.includes('"POST"'))
      expect(JSON.parse(line ?? '{}')).toMatchObject({ traceId, contentId: id, status: 202, route: '/v1/contents' })
    })

    it('of several contents in one run of a model is linked from that run', async () => {
      await Promise.all(Array.from({ length: 24 }, (_, index) => front.submit({ title: `今天的草莓特别甜 ${index}` })))
      const shared = await until('a run that served several', 60, async () =>
        receiver.spans.find(({ name, links }) => name.startsWith('infer ') && links.length > 0),
      )
      expect(Number(shared.attributes['reeltag.batch.rows'])).toBeGreaterThan(1)
      const linked = shared.links[0]!
      expect(linked.traceId).not.toBe(shared.traceId)
      await until('what it is linked to', 30, async () =>
        receiver.spans.find(({ spanId, traceId: other }) => spanId === linked.spanId && other === linked.traceId),
      )
    })
  })

/** Every span hangs below another one of the same trace; the topmost below the caller's. */
const expectConnected = (spans: readonly ReceivedSpan[]): void => {
  const known = new Map(spans.map((span) => [span.spanId, span]))
  const roots = spans.filter(({ parentSpanId }) => !known.has(parentSpanId ?? ''))
  expect(roots.map(({ name, parentSpanId }) => [name, parentSpanId])).toEqual([['POST /v1/contents', caller]])
  const parentOf = (name: string): string | undefined =>
    known.get(spans.find((span) => span.name === name)?.parentSpanId ?? '')?.name
  expect(parentOf('decode')).toBe('run sample-frames')
  expect(parentOf('publish frames.sampled.v1')).toBe('run sample-frames')
  expect(parentOf('publish tags.predicted.v1')).toBe('run classify')
  expect(parentOf('run embed-frames')).toBe('POST /v1/contents')
}
