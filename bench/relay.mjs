// The outbox relay: events/s with a full outbox, and how long an event waits under a steady load; events inside the
// process and through Kafka, beside the same messages handed to kafkajs alone.
import 'reflect-metadata'
import { createRuntime } from '@reeltag/pipeline'
import { loadConfig, newId } from '@reeltag/platform'
import { createTestDatabase, startKafka, whyNot } from '@reeltag/testing'
import { Kafka, logLevel } from 'kafkajs'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openFoundation } from '../apps/reeltag/dist/process/foundation.js'
import { startService } from '../apps/reeltag/dist/process/services.js'
import { openSurroundings } from '../apps/reeltag/dist/process/surroundings.js'
import { inTurns } from './rounds.mjs'
import { tableOf } from './tables.mjs'
import { versions } from './starter-versions.mjs'

const eventsEach = 5
const steadyContents = 60
const perTick = 3
const graceMs = 10_000

const names = [{ zh: '猫', en: 'cat' }]
/** @type {import('@reeltag/contracts').Prediction['tags']} */
const tags = [{ facet: 'subject', path: 'animal/cat', names, confidence: 0.93, status: 'published' }]

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
  const runtime = await createRuntime(foundation, { pipeline: [] })
  const service = await startService('review', runtime)
  const workspaceId = newId()
  await foundation.db.query(`INSERT INTO workspaces (id, name, pack) VALUES ($1, 'bench', 'starter/2.0.0')`, [
    workspaceId,
  ])
  try {
    return await run(runtime, workspaceId)
  } finally {
    await runtime.stop(graceMs)
    await service.close(graceMs)
    await foundation.close()
    await drop()
    fs.rmSync(home, { recursive: true, force: true })
  }
}

const measure = ({ backlog, steadySeconds }, environment) =>
  withRuntime(environment, async (runtime, workspaceId) => {
    const { db } = runtime
    for (let said = 0; said < backlog; said += 200) await say(runtime, workspaceId, Math.min(200, backlog - said))
    const started = performance.now()
    runtime.start()
    await drained(db)
    const perSecond = (backlog * eventsEach) / ((performance.now() - started) / 1_000)

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
const kafkajsAlone = async (backlog, brokers) => {
  const producer = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING }).producer({ idempotent: true })
  await producer.connect()
  const batches = Array.from({ length: Math.ceil((backlog * eventsEach) / 512) }, () =>
    Array.from({ length: 103 }, () => eventsOf(newId())).flat(),
  )
  const started = performance.now()
  let sent = 0
  for (const batch of batches) {
    const messages = batch.map(({ contentId, data, ...rest }) => ({
      key: contentId,
      value: JSON.stringify(data),
      headers: Object.fromEntries(Object.entries(rest).map(([key, value]) => [`ce_${key}`, String(value)])),
    }))
    await producer.sendBatch({ acks: -1, topicMessages: [{ topic: 'tags.published.v1', messages }] })
    sent += messages.length
  }
  const perSecond = sent / ((performance.now() - started) / 1_000)
  await producer.disconnect()
  return { perSecond }
}

/** A broker for each round: what one round has left in a topic, the consumers of the next would take. */
const measureOnKafka = async (plan) => {
  const broker = await startKafka()
  try {
    const platform = await measure(plan, { KAFKA_BROKERS: broker.address })
    // Behind the platform, which has made the topics.
    return { platform, alone: await kafkajsAlone(plan.backlog, broker.address) }
  } finally {
    await broker.remove()
  }
}

/** @type {import('./run-options.mjs').Benchmark} */
export const relay = {
  about: 'the outbox relay with a full outbox and under a steady load, beside kafkajs alone',
  needs: 'Java 17 and Maven: Kafka',
  plan: { rounds: 3, backlog: 4_000, steadySeconds: 15 },
  smoke: { rounds: 1, backlog: 200, steadySeconds: 1 },
  measure: async (plan, run) => {
    const reason = whyNot('kafka')
    if (reason !== undefined) run.leaveOut('Kafka and kafkajs alone', reason)
    const options = { rounds: plan.rounds, say: run.say }
    const inside = async () => ({ platform: await measure(plan, {}), alone: undefined })
    const kafka = reason === undefined ? { kafka: () => measureOnKafka(plan) } : {}
    const figures = await inTurns({ inside, ...kafka }, options)
    const rowOf = (name, rounds) => {
      const of = (pick) => rounds.map((round) => round[pick]).filter((value) => value !== undefined)
      return [name, of('perSecond'), of('p50'), of('p99')]
    }
    const rows = [
      rowOf(
        'inside the process',
        figures.inside.map(({ platform }) => platform),
      ),
    ]
    if (figures.kafka !== undefined) {
      rows.push(
        rowOf(
          'Kafka',
          figures.kafka.map(({ platform }) => platform),
        ),
      )
      rows.push(
        rowOf(
          'kafkajs alone, same messages and batches',
          figures.kafka.map(({ alone }) => alone),
        ),
      )
    }
    const title = `${plan.backlog * eventsEach} waiting events, then ${steadyContents * eventsEach} events/s for ${plan.steadySeconds} s; delay from writing to marking`
    const columns = [
      ['', 'events/s'],
      ['delay p50', 'ms'],
      ['delay p99', 'ms'],
    ]
    return [tableOf('relay', title, columns, rows)]
  },
}
