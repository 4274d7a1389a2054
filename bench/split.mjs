// What splitting the platform into a process for each service adds to the time of one content.
import { serviceNames as services } from '@reeltag/contracts'
import { CountingPostgres, InstantPlatform } from './instant.mjs'
import { inTurns, quantile } from './rounds.mjs'
import { lacksServers, startServers } from './servers.mjs'
import { tableOf } from './tables.mjs'

/** Sends one content every so often. @returns milliseconds from the POST to the result, and to its event's publication */
const times = async (platform, { contents, everyMs, warmUp }) => {
  const since = new Map()
  const [begun] = await platform.postgres.rows('SELECT now() AS since')
  const sent = []
  for (let index = 0; index < contents + warmUp; index++) {
    const started = Date.now()
    sent.push(platform.submitOne(`bytes of video ${index} ${started}`).then((id) => since.set(id, started)))
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
  await Promise.all(sent)
  await platform.settled({ since: begun.since, contents: contents + warmUp })
  const rows = await platform.postgres.rows(
    `SELECT c.id, (extract(epoch FROM c.updated_at) * 1000)::float8 AS concluded, (extract(epoch FROM o.published_at) * 1000)::float8 AS published
     FROM contents c JOIN outbox o ON o.content_id = c.id AND o.name = 'tags.published.v1'
     WHERE c.id = ANY($1::uuid[]) ORDER BY c.created_at`,
    [[...since.keys()]],
  )
  const counted = rows.slice(warmUp)
  return {
    concluded: counted.map(({ id, concluded }) => concluded - since.get(id)),
    published: counted.map(({ id, published }) => published - since.get(id)),
  }
}

const measureOn = async (plan, options = {}) => {
  const postgres = await CountingPostgres.start()
  try {
    const platform = await InstantPlatform.start(postgres, options)
    try {
      return await times(platform, plan)
    } finally {
      await platform.close()
    }
  } finally {
    await postgres.close()
  }
}

/** Queues remember which database they belong to, so each platform has servers of its own. */
const measureOnServers = async (plan, run, options = {}) => {
  const servers = await startServers(run)
  try {
    return await measureOn(plan, { ...options, servers: servers.variables })
  } finally {
    await servers.stop()
  }
}

const contenders = (plan, run) => {
  const embedded = { 'one process, embedded servers': () => measureOn(plan) }
  if (lacksServers(run)) return embedded
  return {
    ...embedded,
    'one process, Redis and Kafka': () => measureOnServers(plan, run),
    'a process for each service, Redis and Kafka': () => measureOnServers(plan, run, { processes: services }),
  }
}

/** @type {import('./run-options.mjs').Benchmark} */
export const split = {
  about: 'what a process for each service adds to the time of one content',
  needs: 'redis-server, Java 17 and Maven: Redis and Kafka',
  plan: { rounds: 3, contents: 300, everyMs: 100, warmUp: 20 },
  smoke: { rounds: 1, contents: 10, everyMs: 50, warmUp: 2 },
  measure: async (plan, run) => {
    const figures = await inTurns(contenders(plan, run), { rounds: plan.rounds, say: run.say })
    const [[, first]] = Object.entries(figures)
    const added = (rounds, q) =>
      rounds.map(({ published }, round) => quantile(published, q) - quantile(first[round].published, q))
    const rows = Object.entries(figures).map(([name, rounds]) => {
      const of = (what, q) => rounds.map((round) => quantile(round[what], q))
      const delays = [of('concluded', 0.5), of('concluded', 0.99), of('published', 0.5), of('published', 0.99)]
      return [name, ...delays, added(rounds, 0.5), added(rounds, 0.99)]
    })
    const title = `One content over HTTP every ${plan.everyMs} ms, stages that answer at once, from the POST, ${plan.contents} contents`
    const columns = ['result p50', 'p99', 'event published p50', 'p99', 'added to the event p50', 'p99']
    return [
      tableOf(
        'split',
        title,
        columns.map((name) => [name, 'ms']),
        rows,
      ),
    ]
  },
}
