// What the platform costs when its stages answer at once: contents a second, and where the time goes.
import { bareJobs, bareStatements } from './bookkeeping-peers.mjs'
import { printTable } from './clips.mjs'
import { CountingPostgres, InstantPlatform } from './instant.mjs'
import { processorMs } from './processor-time.mjs'
import { startServers } from './servers.mjs'

const contents = Number(process.env.BENCH_CONTENTS ?? 3_000)
const warmUp = 300
const round = (value, digits = 2) => value.toFixed(digits)

/** Which part of the bookkeeping a statement belongs to, first match wins. */
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
    ...{ perSecond: count / seconds, acceptedPerSecond: count / acceptedSeconds },
    spentMs: Object.fromEntries(Object.keys(after).map((name) => [name, (after[name] - before[name]) / count])),
    statements: (await postgres.statements()).map(({ query, calls, ms, walBytes, pageImages }) => ({
      ...{ query, calls: calls / count, ms: ms / count, walBytes: walBytes / count, pageImages: pageImages / count },
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

const printFigures = (name, results) => {
  const columns = ['node', 'postgres', ...Object.keys(results[0].figures.spentMs).slice(2)]
  printTable(
    `${name}: a content with four stages that answer at once, and about five events`,
    [
      'way in',
      'contents/s',
      'accepted/s',
      ...columns.map((column) => `${column} ms`),
      'sum ms',
      'events/s',
      'event delay ms p50, p99',
    ],
    results.map(({ way, figures }) => {
      const spent = columns.map((column) => figures.spentMs[column])
      const { events } = figures
      return [
        ...[way, round(figures.perSecond, 0), round(figures.acceptedPerSecond, 0)],
        ...[...spent, spent.reduce((sum, value) => sum + value, 0)].map((value) => round(value)),
        ...[round(events.perSecond, 0), `${round(events.p50, 0)}, ${round(events.p99, 0)}`],
      ]
    }),
  )
}

const printParts = (name, { statements }) => {
  const sums = new Map()
  for (const { query, calls, ms, walBytes } of statements) {
    const part = partOf(query)
    const sum = sums.get(part) ?? { calls: 0, ms: 0, walBytes: 0 }
    sums.set(part, { calls: sum.calls + calls, ms: sum.ms + ms, walBytes: sum.walBytes + walBytes })
  }
  const rows = [...sums].sort(([, a], [, b]) => b.ms - a.ms)
  printTable(
    `${name}, store: what Postgres executed for a content`,
    ['part', 'statements', 'ms', 'WAL bytes'],
    rows.map(([part, { calls, ms, walBytes }]) => [part, round(calls), round(ms, 3), round(walBytes, 0)]),
  )
  const largest = rows.find(([part]) => part !== 'the benchmark itself')
  console.log(`\nLargest: ${largest[0]}.`)
  if (process.env.BENCH_STATEMENTS !== undefined) {
    for (const { query, calls, ms } of statements.slice(0, 25)) console.log(round(calls, 3), round(ms, 3), query)
  }
}

const benchOn = async (name, servers) => {
  const postgres = await CountingPostgres.start()
  const platform = await InstantPlatform.start(postgres, { servers: servers?.variables })
  try {
    const results = []
    for (const way of ['accept', 'submit']) {
      console.log(`• ${name}, ${way} …`)
      await measure(platform, way, warmUp)
      results.push({
        way: way === 'accept' ? 'store' : 'HTTP',
        figures: await measure(platform, way, contents, servers?.pids),
      })
    }
    console.log(`• ${name}, peers …`)
    const jobs = await bareJobs(postgres, servers, contents)
    const statements = await bareStatements(postgres, contents)
    printFigures(name, results)
    printParts(name, results[0].figures)
    const own = results[0].figures.perSecond
    printTable(
      `${name}: peers without a platform`,
      ['', 'contents/s', 'the platform is … of it'],
      [
        ['four bare BullMQ jobs in the same store', round(jobs, 0), round(own / jobs)],
        ['the fewest durable statements, one content each, 32 at once', round(statements, 0), round(own / statements)],
      ],
    )
  } finally {
    await platform.close()
    await postgres.close()
  }
}

export const benchBookkeeping = async () => {
  await benchOn('Embedded servers', undefined)
  const servers = await startServers()
  try {
    await benchOn('Redis and Kafka', servers)
  } finally {
    await servers.stop()
  }
}
