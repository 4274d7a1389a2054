// The whole platform as a user starts it, against a straight line: the same decode, encode and classify code in a loop.
import pg from 'pg'
import { RunningPlatform } from '../e2e/dist/running-platform.js'
import { openEmbeddedPostgres } from '@reeltag/platform'
import { until } from '@reeltag/testing'
import { makeClips, sidesOf } from './clips.mjs'
import { residentMiB } from './processes.mjs'
import { inTurns, quantile, ratios } from './rounds.mjs'
import { straightLine } from './straight-line.mjs'
import { tableOf } from './tables.mjs'

/** The first contents find nothing warm: pools, plans, caches. */
const coldContents = 2

const publishedMs = async (db, id, since) => {
  const event = await until('the event is published', 60, async () => {
    const { rows } = await db.query(
      `SELECT name, published_at FROM outbox WHERE content_id = $1 AND name IN ('tags.predicted.v1', 'content.failed.v1')
         AND published_at IS NOT NULL`,
      [id],
    )
    return rows[0]
  })
  if (event.name === 'content.failed.v1') throw new Error(`content ${id} failed`)
  return event.published_at.getTime() - since
}

const submitted = async (platform, { title, file }) => {
  const response = await platform.submit({ title }, file)
  const answer = await response.json()
  if (response.status !== 202) throw new Error(`${response.status} ${JSON.stringify(answer)}`)
  return answer.id
}

/** One after another: from the first byte of the POST to the event's publication. */
const latency = async (platform, db, clips) => {
  const times = []
  for (const clip of clips) {
    const since = Date.now()
    times.push(await publishedMs(db, await submitted(platform, clip), since))
  }
  return times
}

/** @returns videos a second with four clients */
const throughput = async (platform, db, clips) => {
  const started = performance.now()
  const left = [...clips]
  const ids = []
  const send = async () => {
    for (let clip = left.shift(); clip !== undefined; clip = left.shift()) ids.push(await submitted(platform, clip))
  }
  await Promise.all([send(), send(), send(), send()])
  await until('all are final', 600, async () => {
    const { rows } = await db.query(
      `SELECT count(*)::int AS n FROM contents WHERE id = ANY($1::uuid[]) AND state IN ('published', 'in_review')`,
      [ids],
    )
    return rows[0].n === clips.length
  })
  return clips.length / ((performance.now() - started) / 1000)
}

const titled = (files) => files.map((file, index) => ({ file, title: `随手拍 第${index}个视频` }))

const tablesOf = ({ rates, times, memory, plan }) => {
  const columns = [
    ['throughput', 'videos/s'],
    ['the platform is … of it', ''],
  ]
  const rate = (label, values) => [label, values, ratios(rates.platform, values)]
  return [
    tableOf(
      'latency',
      `One ${plan.longSeconds} s ${plan.size} clip with a title, warm, POST to published event`,
      [
        ['p50', 'ms'],
        ['p90', 'ms'],
        ['worst', 'ms'],
      ],
      [['the platform', quantile(times, 0.5), quantile(times, 0.9), Math.max(...times)]],
    ),
    tableOf(
      'throughput',
      `Clips of ${plan.shortSeconds} s, ${plan.size}, with titles, four clients`,
      columns,
      [
        ['the platform', rates.platform],
        rate('straight line, one at a time', rates.one),
        rate('straight line, two at a time', rates.two),
      ].map(([name, values, ratio]) => [name, values, ratio]),
    ),
    tableOf(
      'memory',
      'Resident memory of the platform with its decoders, without Postgres',
      [
        ['idle', 'MiB'],
        ['after the load', 'MiB'],
      ],
      [['the platform', memory.idle, memory.loaded]],
    ),
  ]
}

/** @type {import('./run-options.mjs').Benchmark} */
export const pipeline = {
  about: 'the whole platform, from POST to event, beside the same code in a loop',
  needs: 'a Python with bench/requirements.txt: clips',
  plan: { rounds: 3, size: '720x1280', longSeconds: 15, latencies: 20, shortSeconds: 4, clips: 40 },
  smoke: { rounds: 1, size: '180x320', longSeconds: 2, latencies: 2, shortSeconds: 2, clips: 4 },
  measure: async (plan, run) => {
    const sides = sidesOf(plan.size)
    const long = makeClips({ ...sides, seconds: plan.longSeconds, count: plan.latencies + coldContents }, run)
    const clips = titled(makeClips({ ...sides, seconds: plan.shortSeconds, count: plan.clips * plan.rounds }, run))
    const platform = await RunningPlatform.start()
    const db = new pg.Pool({ connectionString: await openEmbeddedPostgres(platform.home), max: 2 })
    try {
      const idle = residentMiB(platform.pid)
      run.say('latency …')
      const times = (await latency(platform, db, titled(long))).slice(coldContents)
      const mine = (round) => clips.slice((round - 1) * plan.clips, round * plan.clips)
      const rates = await inTurns(
        {
          one: (round) => straightLine(mine(round), 1),
          two: (round) => straightLine(mine(round), 2),
          platform: (round) => throughput(platform, db, mine(round)),
        },
        { rounds: plan.rounds, say: run.say },
      )
      return tablesOf({ rates, times, memory: { idle, loaded: residentMiB(platform.pid) }, plan })
    } finally {
      await db.end()
      await platform.close()
    }
  },
}
