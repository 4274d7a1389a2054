import { fillContents } from '@reeltag/testing'
import { measure } from './bookkeeping.mjs'
import { CountingPostgres, InstantPlatform } from './instant.mjs'
const sizes = (process.env.BENCH_SIZES ?? '1000,300000').split(',').map(Number),
  contents = Number(process.env.BENCH_CONTENTS ?? 600)
const servers = [],
  platforms = []
for (const size of sizes) {
  const pg = await CountingPostgres.start()
  servers.push(pg)
  await (await InstantPlatform.start(pg)).close()
  const [{ id }] = await pg.rows(`SELECT id FROM workspaces WHERE name='default'`)
  for (const [n, v] of Object.entries({ autovacuum: 'off', max_wal_size: '4GB', checkpoint_timeout: '1h' }))
    await pg.rows(`ALTER SYSTEM SET ${n}='${v}'`)
  await pg.rows('SELECT pg_reload_conf()')
  const c = await pg.pool.connect()
  for (let d = 0; d < size; d += 25000) {
    const q = async (s, p) => (await c.query(s, p)).rows
    await q('BEGIN')
    await fillContents({ query: q }, { workspaceId: id, from: d, to: Math.min(size, d + 25000), total: size })
    await q('COMMIT')
  }
  c.release()
  await pg.rows('VACUUM (ANALYZE)')
  await pg.rows('CHECKPOINT')
  console.log('filled', size, new Date().toISOString())
  platforms.push(await InstantPlatform.start(pg))
}
const sum = (f, n) => f.statements.reduce((s, x) => s + x[n], 0)
const one = async (name, prepare) => {
  const out = []
  for (const [i, p] of platforms.entries()) {
    await prepare(servers[i])
    const f = await measure(p, 'submit', contents)
    out.push({
      size: sizes[i],
      cpu: +(f.spentMs.node + f.spentMs.postgres).toFixed(2),
      executed: +sum(f, 'ms').toFixed(2),
      kB: +(sum(f, 'walBytes') / 1000).toFixed(1),
      images: +sum(f, 'pageImages').toFixed(2),
    })
  }
  console.log(
    name,
    JSON.stringify(out),
    'executed ratio',
    (out.at(-1).executed / out[0].executed).toFixed(2),
    'cpu ratio',
    (out.at(-1).cpu / out[0].cpu).toFixed(2),
  )
}
const set = async (pg, n, v) => {
  await pg.rows(`ALTER SYSTEM SET ${n}='${v}'`)
  await pg.rows('SELECT pg_reload_conf()')
}
await one('warm', async () => {})
await one('as it is, after a checkpoint', (pg) => pg.rows('CHECKPOINT'))
await one('as it is, later', async () => {})
await one('later again', async () => {})
await one('wal_compression lz4, after a checkpoint', async (pg) => {
  await set(pg, 'wal_compression', process.env.COMPRESSION ?? 'lz4')
  await pg.rows('CHECKPOINT')
})
await one('wal_compression lz4, after a checkpoint, again', async (pg) => {
  await pg.rows('CHECKPOINT')
})
await one('wal_buffers as is, full_page_writes off (not safe: the limit)', async (pg) => {
  await set(pg, 'full_page_writes', 'off')
  await pg.rows('CHECKPOINT')
})
for (const p of platforms) await p.close()
for (const s of servers) await s.close()
process.exit()
