// What the platform costs when its stages answer at once: contents a second, and where the time goes.
import { bareJobs, bareStatements } from './bookkeeping-peers.mjs'
import { CountingPostgres, InstantPlatform } from './instant.mjs'
import { processorMs } from './processes.mjs'
import { inTurns, median, ratios } from './rounds.mjs'
import { scoresCost } from './scores-cost.mjs'
import { lacksServers, startServers } from './servers.mjs'
import { tableOf } from './tables.mjs'

/** Which part of the bookkeeping a statement belongs to, first match wins. @type {[string, RegExp][]} */
const parts = [
  ['the benchmark itself', /AS contents, EXISTS|percentile_cont/],
  ['queue (BullMQ on Postgres)', /move_to_|add_jobs|add_job|next_signal|FROM job\b|move_stalled|INTO meta|FROM meta/],
  ['accept: uploads and submissions', /INTO contents|INTO blobs|INTO blob_refs|FROM workspaces|api_keys|ApiKey/],
  ['events: relay', /sequence|UPDATE outbox|FROM outbox/],
  ['events: writing', /INTO outbox/],
  ['events: consumers (review)', /inbox|review_items|FOR SHARE/],
  ['begin', /wanted AS/],
  ['jobs: relay, leases, reaper', /added AS|state = \$\d+ AND ready_at|lease_until|queue_holds|reruns|queued_at/],
  ['finish', /held AS|INTO stages|INTO predictions|UPDATE contents|FROM contents/],
  ['transactions', /^(BEGIN|COMMIT|SET|ROLLBACK)/],
]
const partOf = (query) => parts.find(([, pattern]) => pattern.test(query))?.[0] ?? 'other'

/** @returns contents a second, and milliseconds of processor time and statements a content, for one way in */
export const measure = async (platform, way, count, servers = {}) => {
  const { postgres, pids } = platform
  const spent = () => ({
    node: pids.reduce((sum, pid) => sum + processorMs(pid), 0),
    postgres: processorMs(postgres.pid),
    ...Object.fromEntries(Object.entries(servers).map(([name, pid]) => [name, processorMs(pid)])),
  })
  await postgres.forgetStatements()
  const [{ last, since }] = await postgres.rows('SELECT (SELECT max(id) FROM outbox) AS last, now() AS since')
  const [before, started] = [spent(), performance.now()]
  await platform[way](count)
  const acceptedSeconds = (performance.now() - started) / 1_000
  await platform.settled({ since, contents: count })
  const seconds = (performance.now() - started) / 1_000
  const after = spent()
  return {
    perSecond: count / seconds,
    acceptedPerSecond: count / acceptedSeconds,
    spentMs: Object.fromEntries(Object.keys(after).map((name) => [name, (after[name] - before[name]) / count])),
    statements: (await postgres.statements()).map(({ query, calls, ms, walBytes, pageImages }) => ({
      query,
      calls: calls / count,
      ms: ms / count,
      walBytes: walBytes / count,
      pageImages: pageImages / count,
    })),
    events: await eventsSince(postgres, last ?? 0, seconds),
  }
}

const eventsSince = async (postgres, last, seconds) => {
  const [row] = await postgres.rows(
    `SELECT count(*)::int AS n, percentile_cont(ARRAY[0.5, 0.99]) WITHIN GROUP (ORDER BY
       extract(epoch FROM published_at - created_at)::float8 * 1000) AS delays FROM outbox WHERE id > $1`,
    [last],
  )
  return { perSecond: row.n / seconds, p50: row.delays[0], p99: row.delays[1] }
}

const costs = (id, name, ways) => {
  const [rounds] = Object.values(ways)
  const spenders = Object.keys(rounds[0].spentMs)
  const columns = [
    ...[
      ['', 'contents/s'],
      ['accepted', 'contents/s'],
    ],
    ...spenders.map((spender) => [spender, 'ms']),
    ...[
      ['sum', 'ms'],
      ['', 'events/s'],
      ['event delay p50', 'ms'],
      ['event delay p99', 'ms'],
    ],
  ]
  const rows = Object.entries(ways).map(([way, figures]) => {
    const of = (pick) => figures.map(pick)
    return [
      ...[way, of(({ perSecond }) => perSecond), of(({ acceptedPerSecond }) => acceptedPerSecond)],
      ...spenders.map((spender) => of(({ spentMs }) => spentMs[spender])),
      of(({ spentMs }) => Object.values(spentMs).reduce((sum, ms) => sum + ms, 0)),
      ...['perSecond', 'p50', 'p99'].map((pick) => of(({ events }) => events[pick])),
    ]
  })
  return tableOf(id, `${name}: a content with four stages that answer at once, and about five events`, columns, rows)
}

/** @returns for each part, its figure of every round, dearest part first */
const partsOf = (rounds) => {
  const names = [...new Set(rounds.flatMap(({ statements }) => statements.map(({ query }) => partOf(query))))]
  const figure = (name, pick) =>
    rounds.map(({ statements }) =>
      statements.filter(({ query }) => partOf(query) === name).reduce((sum, statement) => sum + statement[pick], 0),
    )
  return names
    .map((name) => [name, figure(name, 'calls'), figure(name, 'ms'), figure(name, 'walBytes')])
    .sort(([, , a], [, , b]) => median(b) - median(a))
}

/** @returns {Record<string, () => Promise<any>>} */
const contendersOn = (platform, plan, servers) => {
  const { postgres } = platform
  const way = (name) => () => measure(platform, name, plan.contents, servers?.pids)
  return {
    'through the store': way('accept'),
    'over HTTP': way('submit'),
    jobs: () => bareJobs(postgres, servers, plan.contents),
    statements: () => bareStatements(postgres, plan.contents),
  }
}

const measureOn = async ({ id, name, servers }, plan, run) => {
  const postgres = await CountingPostgres.start()
  try {
    const platform = await InstantPlatform.start(postgres, { servers: servers?.variables })
    try {
      for (const way of ['accept', 'submit']) await measure(platform, way, plan.warmUp)
      const say = (line) => run.say(`${name}, ${line}`)
      const all = await inTurns(contendersOn(platform, plan, servers), { rounds: plan.rounds, say })
      const { jobs, statements, ...ways } = all
      const own = ways['through the store'].map(({ perSecond }) => perSecond)
      const spent = ways['through the store'].map(({ spentMs }) => Object.values(spentMs).reduce((sum, ms) => sum + ms))
      const peer = (label, rates) => [label, rates, ratios(own, rates)]
      return [
        costs(`${id}-costs`, name, ways),
        tableOf(
          `${id}-peers`,
          `${name}: peers without a platform`,
          [
            ['', 'contents/s'],
            ['the platform is … of it', ''],
          ],
          [
            peer('four bare BullMQ jobs in the same store', jobs),
            peer('the fewest durable statements, one content each, 32 at once', statements),
          ],
        ),
        tableOf(
          `${id}-parts`,
          `${name}, through the store: what Postgres executes for a content`,
          [
            ['', 'statements'],
            ['executed', 'ms'],
            ['log', 'bytes'],
          ],
          partsOf(ways['through the store']),
        ),
        await scoresCost(id, name, postgres, plan, median(spent)),
      ]
    } finally {
      await platform.close()
    }
  } finally {
    await postgres.close()
  }
}

/** @type {import('./run-options.mjs').Benchmark} */
export const bookkeeping = {
  about: 'what the platform itself costs, with stages that answer at once, beside bare jobs and bare statements',
  needs: 'redis-server, Java 17 and Maven: Redis and Kafka',
  plan: { rounds: 3, contents: 2_000, warmUp: 300 },
  smoke: { rounds: 1, contents: 40, warmUp: 10 },
  measure: async (plan, run) => {
    const embedded = await measureOn({ id: 'embedded', name: 'Embedded servers', servers: undefined }, plan, run)
    if (lacksServers(run)) return embedded
    const servers = await startServers(run)
    try {
      return [...embedded, ...(await measureOn({ id: 'servers', name: 'Redis and Kafka', servers }, plan, run))]
    } finally {
      await servers.stop()
    }
  },
}
