import { afterAll, beforeAll, it } from '@jest/globals'
import { serviceNames } from '@reeltag/contracts'
import { describeWith } from '@reeltag/testing'
import path from 'node:path'
import type { Fleet } from '../fleet.js'
import { FaultBench } from './fault-bench.js'
import type { FaultCase } from './fault-case.js'

const preload = path.join(import.meta.dirname, 'misbehaviour', 'die-after-commit.js')

// The faults that are over in seconds: `npm test` runs them without being asked.
describeWith(['redis', 'kafka'], 'what is killed and restarted with 200 contents in flight', () => {
  let bench: FaultBench
  let fleet: Fleet
  beforeAll(async () => {
    bench = await FaultBench.open()
    fleet = bench.fleet
  }, 180_000)
  afterAll(async () => {
    await bench.close()
  }, 60_000)

  const survives = (faultCase: FaultCase): Promise<void> => bench.survives(faultCase)

  it.each(serviceNames)(
    'loses and doubles nothing when %s is killed',
    async (name) => {
      const fault = async (): Promise<void> => {
        await fleet.services[name].kill()
        await fleet.services[name].boot()
      }
      await survives({ name: `kill-${name}`, fault })
    },
    420_000,
  )

  it('loses and doubles nothing when a worker dies after the commit and before the queue hears of it', async () => {
    const { fusion } = fleet.services
    const fault = async (): Promise<void> => {
      await fusion.kill()
      await fusion.boot({ preload: preload })
      await fusion.ended()
      await fusion.boot()
    }
    await survives({ name: 'die-after-commit', fault })
  }, 420_000)

  it('loses and doubles nothing when Redis is restarted empty', async () => {
    await survives({ name: 'redis-restarted-empty', fault: () => fleet.servers.redis.restart({ keepData: false }) })
  }, 420_000)

  it('loses and doubles nothing when Postgres is killed and restarted', async () => {
    const fault = async (): Promise<void> => {
      await fleet.servers.postgres.kill()
      await fleet.servers.postgres.start()
    }
    await survives({ name: 'postgres-restarted', fault })
  }, 420_000)
})
