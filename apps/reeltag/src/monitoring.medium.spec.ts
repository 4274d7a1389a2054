import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createTestDatabase, until, type TestDatabase } from '@reeltag/testing'
import fs from 'node:fs'
import path from 'node:path'
import { ReeltagProcess } from './process.fixture.js'

const chart = path.resolve(import.meta.dirname, '../../../k8s/reeltag')
/** Everything in the chart that asks Prometheus for something. */
const asking = ['monitoring/alerts.yaml', 'monitoring/dashboard.json', 'templates/scaledobject.yaml']

const namesIn = (text: string): string[] => [
  ...new Set(text.match(/\b(reeltag|bullmq|nodejs|process)_[a-z0-9_]+\b(?=\{|\[|\)| |"|$)/gm)),
]

/** Names of the series that an exposition holds; a histogram has three. */
const seriesOf = (exposition: string): Set<string> =>
  new Set(
    [...exposition.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', type]) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  )

describe('monitoring', () => {
  let database: TestDatabase
  let platform: ReeltagProcess
  beforeAll(async () => {
    database = await createTestDatabase()
    platform = await ReeltagProcess.start({ DATABASE_URL: database.url })
    await platform.ready
  })
  afterAll(async () => {
    await platform.stop()
    await database.drop()
  })

  it.each(asking)('asks in %s only for what a platform tells', async (file) => {
    const told = seriesOf((await platform.ask('/metrics'))?.body ?? '')
    const wanted = namesIn(fs.readFileSync(path.join(chart, file), 'utf8'))
    expect(wanted.length).toBeGreaterThan(0)
    expect(wanted.filter((name) => !told.has(name))).toEqual([])
  })

  it('is told of every queue, also of one in which nothing waits', async () => {
    const queues = await until('the leader has counted', 30, async () => {
      const text = (await platform.ask('/metrics'))?.body ?? ''
      const found = [...text.matchAll(/^bullmq_job_count\{queue="(\w+)",state="waiting"\} 0$/gm)].map(
        ([, name]) => name,
      )
      return found.length > 0 ? found : undefined
    })
    expect(queues.sort()).toEqual(['fusion', 'ingest', 'text', 'vision'])
  })
})
