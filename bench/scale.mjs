// What a content costs when a thousand, a hundred thousand and a million others are there already.
import { fillContents } from '@reeltag/testing'
import { measure } from './bookkeeping.mjs'
import { printTable } from './clips.mjs'
import { CountingPostgres, InstantPlatform } from './instant.mjs'

const sizes = (process.env.BENCH_SIZES ?? '1000,100000,1000000').split(',').map(Number)
const contents = Number(process.env.BENCH_CONTENTS ?? 2_000)
const rounds = 3
const pieceMax = 25_000

const fill = async (postgres, workspaceId, from, to) => {
  const client = await postgres.pool.connect()
  try {
    await fillPieces(async (sql, params) => (await client.query(sql, params)).rows, workspaceId, from, to)
  } finally {
    client.release()
  }
  console.log('• VACUUM (ANALYZE) and a checkpoint …')
  await postgres.rows('VACUUM (ANALYZE)')
  await postgres.rows('CHECKPOINT')
}

const fillPieces = async (query, workspaceId, from, to) => {
  const started = performance.now()
  for (let done = from; done < to; done = Math.min(to, done + pieceMax)) {
    const piece = { workspaceId, from: done, to: Math.min(to, done + pieceMax), total: sizes.at(-1) }
    await query('BEGIN')
    await fillContents({ query }, piece)
    await query('COMMIT')
    const percent = ((piece.to - from) / (to - from)) * 100
    console.log(`• filling to ${to}: ${percent.toFixed(0)} %, ${((performance.now() - started) / 1_000).toFixed(0)} s`)
  }
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]

const measureAt = async (postgres) => {
  const platform = await InstantPlatform.start(postgres)
  const results = []
  for (let round = 0; round <= rounds; round++) {
    console.log(`• round ${round} of ${rounds} …`)
    const figures = await measure(platform, 'submit', contents)
    // The first round warms up and does not count.
    if (round > 0) results.push(figures)
  }
  await platform.close()
  const executedMs = ({ statements }) => statements.reduce((sum, { ms }) => sum + ms, 0)
  return {
    node: median(results.map(({ spentMs }) => spentMs.node)),
    postgres: median(results.map(({ spentMs }) => spentMs.postgres)),
    executed: median(results.map(executedMs)),
    perSecond: median(results.map(({ perSecond }) => perSecond)),
  }
}

export const benchScale = async () => {
  const postgres = await CountingPostgres.start()
  try {
    // The first start makes the workspace.
    await (await InstantPlatform.start(postgres)).close()
    const [{ id }] = await postgres.rows(`SELECT id FROM workspaces WHERE name = 'default'`)
    const figures = []
    for (const [index, size] of sizes.entries()) {
      await fill(postgres, id, sizes[index - 1] ?? 0, size)
      figures.push(await measureAt(postgres))
    }
    const sum = ({ node, postgres: database }) => node + database
    printTable(
      `Cost of one content over HTTP on embedded servers, ms of processor time, median of ${rounds} × ${contents}`,
      [
        'contents there already',
        'node',
        'Postgres',
        'sum',
        '… of the first',
        'executed',
        '… of the first',
        'contents/s',
      ],
      sizes.map((size, index) => {
        const own = figures[index]
        return [
          ...[
            size,
            own.node.toFixed(2),
            own.postgres.toFixed(2),
            sum(own).toFixed(2),
            (sum(own) / sum(figures[0])).toFixed(2),
          ],
          ...[own.executed.toFixed(2), (own.executed / figures[0].executed).toFixed(2), own.perSecond.toFixed(0)],
        ]
      }),
    )
  } finally {
    await postgres.close()
  }
}
