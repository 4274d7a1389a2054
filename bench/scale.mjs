// What a content costs when a thousand, a hundred thousand and a million others are there already. Each size has a
// server of its own, and rounds go in turns: what else the machine does meets them all alike.
import { fillContents } from '@reeltag/testing'
import { measure } from './bookkeeping.mjs'
import { printTable } from './clips.mjs'
import { CountingPostgres, InstantPlatform } from './instant.mjs'

const sizes = (process.env.BENCH_SIZES ?? '1000,100000,1000000').split(',').map(Number)
const contents = Number(process.env.BENCH_CONTENTS ?? 2_000)
const rounds = Number(process.env.BENCH_ROUNDS ?? 3)
const pieceMax = 25_000
/** What would only compete with filling, and is done once behind it. */
const putOff = { autovacuum: 'off', max_wal_size: '4GB', checkpoint_timeout: '1h' }

const fill = async (postgres, workspaceId, size) => {
  for (const [name, value] of Object.entries(putOff)) await postgres.rows(`ALTER SYSTEM SET ${name} = '${value}'`)
  await postgres.rows('SELECT pg_reload_conf()')
  const client = await postgres.pool.connect()
  try {
    await fillPieces(async (sql, params) => (await client.query(sql, params)).rows, workspaceId, size)
  } finally {
    client.release()
  }
  console.log('• VACUUM (ANALYZE) and a checkpoint …')
  await postgres.rows('VACUUM (ANALYZE)')
  for (const name of Object.keys(putOff)) await postgres.rows(`ALTER SYSTEM RESET ${name}`)
  await postgres.rows('SELECT pg_reload_conf()')
  await postgres.rows('CHECKPOINT')
}

const fillPieces = async (query, workspaceId, size) => {
  const started = performance.now()
  for (let done = 0; done < size; done = Math.min(size, done + pieceMax)) {
    const piece = { workspaceId, from: done, to: Math.min(size, done + pieceMax), total: size }
    await query('BEGIN')
    await fillContents({ query }, piece)
    await query('COMMIT')
    const percent = (piece.to / size) * 100
    console.log(
      `• filling to ${size}: ${percent.toFixed(0)} %, ${((performance.now() - started) / 1_000).toFixed(0)} s`,
    )
  }
}

const prepare = async (postgres, size) => {
  // The first start makes the workspace.
  await (await InstantPlatform.start(postgres)).close()
  const [{ id }] = await postgres.rows(`SELECT id FROM workspaces WHERE name = 'default'`)
  await fill(postgres, id, size)
  return InstantPlatform.start(postgres)
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
const sumOf = (name) => (figures) => figures.statements.reduce((sum, statement) => sum + statement[name], 0)

const summary = (results) => {
  const of = (pick) => median(results.map(pick))
  return {
    node: of(({ spentMs }) => spentMs.node),
    postgres: of(({ spentMs }) => spentMs.postgres),
    sum: of(({ spentMs }) => spentMs.node + spentMs.postgres),
    executed: of(sumOf('ms')),
    walKilobytes: of(sumOf('walBytes')) / 1_000,
    pageImages: of(sumOf('pageImages')),
    perSecond: of(({ perSecond }) => perSecond),
  }
}

/** @returns for each platform, the figures of its rounds. The first round warms up and does not count. */
const measureInTurns = async (platforms) => {
  const results = platforms.map(() => [])
  for (let round = 0; round <= rounds; round++) {
    for (const [index, platform] of platforms.entries()) {
      const figures = await measure(platform, 'submit', contents)
      const { sum, executed, walKilobytes, pageImages } = summary([figures])
      console.log(
        `• round ${round} of ${rounds}, ${sizes[index]}: ${sum.toFixed(2)} ms, executed ${executed.toFixed(2)} ms, ` +
          `${walKilobytes.toFixed(1)} kB of log with ${pageImages.toFixed(2)} page images`,
      )
      if (round > 0) results[index].push(figures)
    }
  }
  return results
}

/** What grew most, so that nobody has to guess. */
const printGrowth = (first, last) => {
  const msOf = (results) => {
    const all = results.flatMap(({ statements }) => statements)
    const names = [...new Set(all.map(({ query }) => query))]
    const mine = (name) => all.filter(({ query }) => query === name)
    return new Map(names.map((name) => [name, mine(name).reduce((sum, { ms }) => sum + ms, 0) / results.length]))
  }
  const [before, after] = [msOf(first), msOf(last)]
  const rows = [...after].map(([query, ms]) => [query, before.get(query) ?? 0, ms])
  rows.sort((a, b) => b[2] - b[1] - (a[2] - a[1]))
  printTable(
    `Statements that grew most from ${sizes[0]} to ${sizes.at(-1)}, ms executed a content`,
    ['statement', 'before', 'after'],
    rows.slice(0, 8).map(([query, ...ms]) => [query.slice(0, 80), ...ms.map((value) => value.toFixed(3))]),
  )
}

const printFigures = (figures) => {
  const [{ sum, executed }] = figures
  printTable(
    `Cost of one content over HTTP on embedded servers, ms of processor time, median of ${rounds} × ${contents}`,
    [
      ...['contents there already', 'node', 'Postgres', 'sum', '… of the first', 'executed', '… of the first'],
      ...['log kB', 'page images', 'contents/s'],
    ],
    figures.map((own, index) => [
      ...[sizes[index], own.node.toFixed(2), own.postgres.toFixed(2), own.sum.toFixed(2), (own.sum / sum).toFixed(2)],
      ...[own.executed.toFixed(2), (own.executed / executed).toFixed(2), own.walKilobytes.toFixed(1)],
      ...[own.pageImages.toFixed(2), own.perSecond.toFixed(0)],
    ]),
  )
}

export const benchScale = async () => {
  const servers = []
  try {
    const platforms = []
    for (const size of sizes) {
      const postgres = await CountingPostgres.start()
      servers.push(postgres)
      platforms.push(await prepare(postgres, size))
    }
    const results = await measureInTurns(platforms)
    printFigures(results.map(summary))
    printGrowth(results[0], results.at(-1))
    for (const platform of platforms) await platform.close()
  } finally {
    for (const postgres of servers) await postgres.close()
  }
}
