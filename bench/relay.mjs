// The outbox relay: events/s with a full outbox, and how long an event waits under a steady load; events inside the
// process and through Kafka, beside the same messages handed to kafkajs alone.
import 'reflect-metadata'
import { createRuntime } from '@reeltag/messaging'
import { loadConfig, newId } from '@reeltag/platform'
import { createTestDatabase, startKafka } from '@reeltag/testing'
import { Kafka, logLevel } from 'kafkajs'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openFoundation } from '../apps/reeltag/dist/foundation.js'
import { startService } from '../apps/reeltag/dist/services.js'
import { openSurroundings } from '../apps/reeltag/dist/surroundings.js'

const backlogContents = 4_000
const steadySeconds = 15
const steadyContents = 60
const perTick = 3

const names = [{ zh: '猫', en: 'cat' }]
const tags = [{ facet: 'subject', path: 'animal/cat', names, confidence: 0.93, status: 'published' }]
const versions = {
  ...{ pack: 'starter/2.0.0', taxonomy: 'starter/2.0.0', vision: 'starter-vision/2.0.0', text: 'starter-text/2.0.0' },
  ...{ fusion: 'starter-fusion/2.0.0', sampling: 'uniform-4' },
}

/** What one content says on its way: five events, two of which `review` takes. */
const eventsOf = (workspaceId) => {
  const contentId = newId()
  const prediction = { contentId, predictionId: newId(), revision: 1, decision: 'published', tags, versions }
  const subject = { source: '/reeltag/bench', workspaceId, contentId, revision: 1, traceparent: null }
  return [
    { name: 'content.submitted.v1', data: { contentId, externalId: null, hasVideo: true, hasText: true }, ...subject },
    {
      name: 'frames.sampled.v1',
      data: { contentId, frames: 4, timesMs: [0, 1, 2, 3], durationMs: 15_000 },
      ...subject,
    },
    { name: 'tags.predicted.v1', data: prediction, ...subject },
    { name: 'tags.published.v1', data: prediction, ...subject },
    { name: 'review.requested.v1', data: { ...prediction, reason: 'uncertain' }, ...subject },
  ]
}

const say = (runtime, workspaceId, contents) =>
  runtime.db.transaction(
    (tx) => runtime.outbox.publish(tx, Array.from({ length: contents }, () => eventsOf(workspaceId)).flat()),
    { durable: false },
  )

const drained = async (db) => {
  for (;;) {
    const [{ n }] = await db.query('SELECT count(*)::int AS n FROM outbox WHERE published_at IS NULL')
    if (n === 0) return
    await sleep(20)
  }
}

const withRuntime = async (environment, run) => {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-bench-'))
  const { url, drop } = await createTestDatabase()
  const own = { REELTAG_HOME: home, DATABASE_URL: url, BLOB_URL: `file:${home}/blobs`, PORT: '0', LOG_LEVEL: 'warn' }
  const config = loadConfig({ ...own, REELTAG_SERVICES: 'review', ...environment })
  const foundation = await openFoundation(await openSurroundings(config, new AbortController().signal))
  const runtime = await createRuntime(foundation, [])
  const service = await startService('review', runtime)
  const workspaceId = newId()
  await foundation.db.query(`INSERT INTO workspaces (id, name, pack) VALUES ($1, 'bench', 'starter/2.0.0')`, [
    workspaceId,
  ])
  try {
    return await run(runtime, workspaceId)
  } finally {
    await runtime.stop()
    await service.close()
    await foundation.close()
    await drop()
    fs.rmSync(home, { recursive: true, force: true })
  }
}

const measure = (environment) =>
  withRuntime(environment, async (runtime, workspaceId) => {
    const { db } = runtime
    for (let said = 0; said < backlogContents; said += 200) await say(runtime, workspaceId, 200)
    const started = performance.now()
    runtime.start()
    await drained(db)
    const perSecond = (backlogContents * 5) / ((performance.now() - started) / 1_000)

    await db.query('TRUNCATE outbox')
    const begun = performance.now()
    const ticks = (steadySeconds * steadyContents) / perTick
    for (let tick = 0; tick < ticks; tick++) {
      await say(runtime, workspaceId, perTick)
      await sleep(Math.max(0, begun + ((tick + 1) * 1_000 * perTick) / steadyContents - performance.now()))
    }
    await drained(db)
    const [delay] = await db.query(
      `SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) AS p50, percentile_cont(0.99) WITHIN GROUP (ORDER BY ms) AS p99
       FROM (SELECT extract(epoch FROM published_at - created_at)::float8 * 1000 AS ms FROM outbox) d`,
    )
    return { perSecond, ...delay }
  })

/** The ceiling: as many messages of that size, in batches of that size, with nothing around them. */
const kafkajsAlone = async (brokers) => {
  const producer = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING }).producer({ idempotent: true })
  await producer.connect()
  const batches = Array.from({ length: Math.ceil((backlogContents * 5) / 512) }, () =>
    Array.from({ length: 103 }, () => eventsOf(newId())).flat(),
  )
  const started = performance.now()
  let sent = 0
  for (const batch of batches) {
    const messages = batch.map(({ contentId, data, ...rest }) => ({
      ...{ key: contentId, value: JSON.stringify(data) },
      headers: Object.fromEntries(Object.entries(rest).map(([key, value]) => [`ce_${key}`, String(value)])),
    }))
    await producer.sendBatch({ acks: -1, topicMessages: [{ topic: 'tags.published.v1', messages }] })
    sent += messages.length
  }
  const perSecond = sent / ((performance.now() - started) / 1_000)
  await producer.disconnect()
  return { perSecond }
}

const row = (label, { perSecond, p50, p99 }) => {
  const ms = (value) => (value === undefined ? '–' : value.toFixed(1))
  return `| ${label} | ${Math.round(perSecond).toLocaleString('en')} | ${ms(p50)} | ${ms(p99)} |`
}

export const benchRelay = async () => {
  const broker = await startKafka()
  try {
    const inside = await measure({})
    const kafka = await measure({ KAFKA_BROKERS: broker.address })
    const alone = await kafkajsAlone(broker.address)
    console.log(`
Outbox relay: ${(backlogContents * 5).toLocaleString('en')} waiting events, then ${steadyContents * 5} events/s for ${steadySeconds} s; delay from writing to marking

| events | events/s | delay p50, ms | delay p99, ms |
|---|---|---|---|
${row('inside the process, two in five consumed', inside)}
${row('Kafka, two in five consumed', kafka)}
${row('kafkajs alone, same messages and batches', alone)}`)
  } finally {
    await broker.remove()
  }
}
