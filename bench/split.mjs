// What splitting the platform into a process for each service adds to the time of one content.
import { printTable, quantile } from './clips.mjs'
import { CountingPostgres, InstantPlatform } from './instant.mjs'
import { startServers } from './servers.mjs'

const contents = Number(process.env.BENCH_CONTENTS ?? 300)
const everyMs = Number(process.env.BENCH_EVERY_MS ?? 100)
const warmUp = 20
const services = ['gateway', 'ingest', 'vision-encoder', 'text-encoder', 'fusion', 'review']

/** Sends one content every so often. @returns milliseconds from the POST to the result, and to its event's publication */
const times = async (platform) => {
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

const measureOn = async (label, options) => {
  console.log(`• ${label}, ${contents} contents, one every ${everyMs} ms …`)
  const postgres = await CountingPostgres.start()
  const platform = await InstantPlatform.start(postgres, options)
  const measured = await times(platform)
  await platform.close()
  await postgres.close()
  return { label, ...measured }
}

export const benchSplit = async () => {
  const servers = await startServers()
  try {
    const real = { servers: servers.variables }
    const results = [
      await measureOn('one process, embedded servers', {}),
      await measureOn('one process, Redis and Kafka', real),
      await measureOn('a process for each service, Redis and Kafka', { ...real, processes: services }),
    ]
    const [first] = results
    const added = (values, base, q) => (quantile(values, q) - quantile(base, q)).toFixed(0)
    printTable(
      `One content over HTTP, stages that answer at once, one every ${everyMs} ms: ms from the POST, n = ${contents}`,
      ['', 'result p50', 'p99', 'event published p50', 'p99', 'added to the event p50', 'p99'],
      results.map(({ label, concluded, published }) => [
        ...[label, quantile(concluded, 0.5).toFixed(0), quantile(concluded, 0.99).toFixed(0)],
        ...[quantile(published, 0.5).toFixed(0), quantile(published, 0.99).toFixed(0)],
        ...[added(published, first.published, 0.5), added(published, first.published, 0.99)],
      ]),
    )
  } finally {
    await servers.stop()
  }
}
