// The whole platform as a user starts it, against a straight line: the same decode, encode and classify code in a loop.
import fs from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { DecoderPool } from '../apps/ingest/dist/sampling/decoder-pool.js'
import { RunningPlatform, until } from '../e2e/dist/running-platform.js'
import { decide, nodeProbabilities } from '@reeltag/calibration'
import { PackServer } from '@reeltag/inference'
import { openEmbeddedPostgres } from '@reeltag/platform'
import { Taxonomy } from '@reeltag/taxonomy'
import { makeClips, printTable, quantile } from './clips.mjs'

const root = path.resolve(import.meta.dirname, '..')
const folders = { modelsDir: path.join(root, 'models'), taxonomiesDir: path.join(root, 'taxonomies') }
const packRef = 'starter/2.0.0'
const inference = { device: 'cpu', threads: 1, lanes: 1, batchMax: 32, delayMsMax: 2, queueMax: 1024 }
const limits = {
  decoders: 2,
  pixelsMax: 1e8,
  secondsMax: 3600,
  streamsMax: 16,
  decodeTimeoutMs: 60_000,
  decoderMemoryBytes: 2 ** 31,
}

/** Resident memory of a process and its children, MiB. Postgres is not among them: it has a session of its own. */
const residentMiB = (pid) => {
  const children = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const parentOf = (name) => Number(/\) \S+ (\d+)/.exec(fs.readFileSync(`/proc/${name}/stat`, 'utf8'))?.[1])
  const family = new Set([pid])
  for (const name of children) {
    try {
      if (family.has(parentOf(name))) family.add(Number(name))
    } catch {
      // It ended while we looked.
    }
  }
  return [...family].reduce(
    (sum, id) => sum + (Number(fs.readFileSync(`/proc/${id}/statm`, 'utf8').split(' ')[1]) * 4096) / 2 ** 20,
    0,
  )
}

/** Decode, encode, classify; the platform's own code without queues, database and HTTP. */
const straightLine = async (clips, concurrency) => {
  const server = new PackServer(folders, inference)
  const pool = new DecoderPool({ ...limits, decoders: concurrency })
  const [vision, text, fusion, pack] = await Promise.all([
    server.vision(packRef),
    server.text(packRef),
    server.fusion(packRef),
    server.pack(packRef),
  ])
  const facet = Taxonomy.parse(fs.readFileSync(pack.taxonomyFile, 'utf8'), pack.taxonomyFile).facet('subject')
  const { leaves, temperature, publishAt } = pack.manifest.facets.subject
  const { signal } = new AbortController()
  const tag = async ({ file, title }) => {
    const [video, words] = await Promise.all([
      pool
        .sample(file, { frames: pack.manifest.sampling.frames, size: vision.size }, signal)
        .then(({ tensor }) => vision.embed(new Uint8Array(tensor), 'bench')),
      text.embed(title),
    ])
    const { subject } = await fusion.score({ video, text: words })
    return decide(facet, nodeProbabilities(facet, leaves, subject, temperature.both), publishAt)
  }
  await Promise.all(clips.slice(0, concurrency).map(tag))
  const started = performance.now()
  const left = [...clips]
  const loop = async () => {
    for (let clip = left.shift(); clip !== undefined; clip = left.shift()) await tag(clip)
  }
  await Promise.all(Array.from({ length: concurrency }, loop))
  const seconds = (performance.now() - started) / 1000
  pool.close()
  await server.close()
  return clips.length / seconds
}

const publishedMs = async (db, id, since) => {
  const event = await until('the event is published', 30, async () => {
    const { rows } = await db.query(
      `SELECT published_at FROM outbox WHERE content_id = $1 AND name IN ('tags.predicted.v1', 'content.failed.v1') AND published_at IS NOT NULL`,
      [id],
    )
    return rows[0]
  })
  return event.published_at.getTime() - since
}

/** 15 s 720p clips, one after another: from the first byte of the POST to the event's publication. */
const latency = async (platform, db, clips) => {
  const times = []
  for (const [index, file] of clips.entries()) {
    const since = Date.now()
    const response = await platform.submit({ title: `今天拍到了大熊猫 ${index}` }, file)
    const { id } = await response.json()
    times.push(await publishedMs(db, id, since))
  }
  // The first two find nothing warm: pools, plans, caches.
  return times.slice(2)
}

const throughput = async (platform, db, clips) => {
  const started = performance.now()
  const left = [...clips]
  const ids = []
  const send = async () => {
    for (let clip = left.shift(); clip !== undefined; clip = left.shift()) {
      const response = await platform.submit({ title: clip.title }, clip.file)
      ids.push((await response.json()).id)
    }
  }
  await Promise.all([send(), send(), send(), send()])
  await until('all are final', 300, async () => {
    const { rows } = await db.query(
      `SELECT count(*)::int AS n FROM contents WHERE id = ANY($1::uuid[]) AND state IN ('published', 'in_review')`,
      [ids],
    )
    return rows[0].n === clips.length ? true : undefined
  })
  return clips.length / ((performance.now() - started) / 1000)
}

export const benchPipeline = async () => {
  const long = makeClips(720, 1280, 15, 22)
  const clips = makeClips(720, 1280, 4, 100).map((file, index) => ({ file, title: `随手拍 第${index}个视频` }))
  const platform = await RunningPlatform.start()
  const db = new pg.Pool({ connectionString: await openEmbeddedPostgres(platform.home), max: 2 })
  const idle = residentMiB(platform.pid)
  const times = await latency(platform, db, long)
  printTable(
    'One 15 s 720×1280 clip with a title, warm: POST to published event, ms',
    ['p50', 'p90', 'max', 'n'],
    [[quantile(times, 0.5), quantile(times, 0.9), Math.max(...times), times.length]],
  )
  const rates = []
  // In turns, because the machine's mood changes: line, platform, line, platform.
  for (const round of [0, 1]) {
    const mine = clips.slice(round * 50, round * 50 + 50)
    rates.push([await straightLine(mine, 1), await straightLine(mine, 2), await throughput(platform, db, mine)])
  }
  const loaded = residentMiB(platform.pid)
  const mean = (index) => rates.reduce((sum, rate) => sum + rate[index], 0) / rates.length
  printTable(
    '100 clips of 4 s, 720×1280, end to end, videos a second',
    ['', 'videos/s', 'platform is … of it'],
    [
      ['straight line, one at a time', mean(0).toFixed(1), (mean(2) / mean(0)).toFixed(2)],
      ['straight line, two at a time', mean(1).toFixed(1), (mean(2) / mean(1)).toFixed(2)],
      ['the platform', mean(2).toFixed(1), ''],
    ],
  )
  printTable(
    'Resident memory of the platform with its decoders, without Postgres, MiB',
    ['idle', 'after the load'],
    [[idle.toFixed(0), loaded.toFixed(0)]],
  )
  await db.end()
  await platform.close()
}
