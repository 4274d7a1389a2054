// What a content costs when a thousand, a hundred thousand and a million others are there already. Each size has a
// server of its own, and rounds go in turns: what else the machine does meets them all alike.
import { fillContents } from '@reeltag/testing'
import { measure } from './bookkeeping.mjs'
import { CountingPostgres, InstantPlatform } from './instant.mjs'
import { inTurns, ratios } from './rounds.mjs'
import { tableOf } from './tables.mjs'

const pieceMax = 25_000
/** What would only compete with filling, and is done once behind it. */
const putOff = { autovacuum: 'off', max_wal_size: '4GB', checkpoint_timeout: '1h' }

const fill = async (postgres, workspaceId, size, say) => {
  for (const [name, value] of Object.entries(putOff)) await postgres.rows(`ALTER SYSTEM SET ${name} = '${value}'`)
  await postgres.rows('SELECT pg_reload_conf()')
  const client = await postgres.pool.connect()
  try {
    await fillPieces(async (sql, params) => (await client.query(sql, params)).rows, { workspaceId, size }, say)
  } finally {
    client.release()
  }
  say('VACUUM (ANALYZE) and a checkpoint')
  await postgres.rows('VACUUM (ANALYZE)')
  for (const name of Object.keys(putOff)) await postgres.rows(`ALTER SYSTEM RESET ${name}`)
  await postgres.rows('SELECT pg_reload_conf()')
  await postgres.rows('CHECKPOINT')
}

const fillPieces = async (query, { workspaceId, size }, say) => {
  const started = performance.now()
  for (let done = 0; done < size; done = Math.min(size, done + pieceMax)) {
    const piece = { workspaceId, from: done, to: Math.min(size, done + pieceMax), total: size }
    await query('BEGIN')
    await fillContents({ query }, piece)
    await query('COMMIT')
    const percent = (piece.to / size) * 100
    say(`filling to ${size}: ${percent.toFixed(0)} %, ${((performance.now() - started) / 1_000).toFixed(0)} s`)
  }
}

const prepare = async (postgres, size, say) => {
  // The first start makes the workspace.
  await (await InstantPlatform.start(postgres)).close()
  const [{ id }] = await postgres.rows(`SELECT id FROM workspaces WHERE name = 'default'`)
  await fill(postgres, id, size, say)
  return InstantPlatform.start(postgres)
}

const sumOf = (name) => (figures) => figures.statements.reduce((sum, statement) => sum + statement[name], 0)

/** What grew most, so that nobody has to guess. */
const growth = (first, last, sizes) => {
  const msOf = (rounds, query) =>
    rounds.map(({ statements }) =>
      statements.filter((statement) => statement.query === query).reduce((sum, { ms }) => sum + ms, 0),
    )
  const total = (values) => values.reduce((sum, value) => sum + value, 0)
  const queries = [...new Set(last.flatMap(({ statements }) => statements.map(({ query }) => query)))]
  const rows = queries.map((query) => [query.slice(0, 80).replaceAll('|', ' '), msOf(first, query), msOf(last, query)])
  rows.sort((a, b) => total(b[2]) - total(b[1]) - (total(a[2]) - total(a[1])))
  const columns = [
    [`beside ${sizes[0]}`, 'ms'],
    [`beside ${sizes.at(-1)}`, 'ms'],
  ]
  return tableOf('growth', 'Statements that grew most, executed a content', columns, rows.slice(0, 8))
}

const costs = (figures, plan) => {
  const [first] = Object.values(figures)
  const sum = ({ spentMs }) => spentMs.node + spentMs.postgres
  const rows = Object.entries(figures).map(([size, rounds]) => {
    const of = (pick) => rounds.map(pick)
    return [
      ...[size, of(({ spentMs }) => spentMs.node), of(({ spentMs }) => spentMs.postgres), of(sum)],
      ...[ratios(of(sum), first.map(sum)), of(sumOf('ms')), ratios(of(sumOf('ms')), first.map(sumOf('ms')))],
      ...[of((round) => sumOf('walBytes')(round) / 1_000), of(sumOf('pageImages')), of(({ perSecond }) => perSecond)],
    ]
  })
  const columns = [
    ...[
      ['node', 'ms'],
      ['Postgres', 'ms'],
      ['sum', 'ms'],
      ['… of the first', ''],
      ['executed', 'ms'],
      ['… of the first', ''],
    ],
    ...[
      ['log', 'kB'],
      ['page images', ''],
      ['', 'contents/s'],
    ],
  ]
  const title = `Cost of one content over HTTP on embedded servers, processor time, ${plan.contents} contents a round; rows: contents there already`
  return tableOf('costs', title, columns, rows)
}

/** @type {import('./run-options.mjs').Benchmark} */
export const scale = {
  about: 'what a content costs beside a thousand, a hundred thousand and a million others',
  needs: '15 GB of disk',
  plan: { rounds: 3, sizes: [1_000, 100_000, 1_000_000], contents: 800 },
  smoke: { rounds: 1, sizes: [100, 400], contents: 20 },
  measure: async (plan, run) => {
    const servers = []
    const platforms = []
    try {
      for (const size of plan.sizes) {
        const postgres = await CountingPostgres.start()
        servers.push(postgres)
        platforms.push(await prepare(postgres, size, run.say))
      }
      const contenders = Object.fromEntries(
        // A name that is a number would be sorted before others.
        platforms.map((platform, index) => [
          plan.sizes[index].toLocaleString('en'),
          () => measure(platform, 'submit', plan.contents),
        ]),
      )
      const figures = await inTurns(contenders, { rounds: plan.rounds, warmUps: 1, say: run.say })
      const all = Object.values(figures)
      return [costs(figures, plan), growth(all[0], all.at(-1), plan.sizes)]
    } finally {
      for (const platform of platforms) await platform.close()
      for (const postgres of servers) await postgres.close()
    }
  },
}
