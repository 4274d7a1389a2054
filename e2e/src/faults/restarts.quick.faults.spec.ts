import { it } from '@jest/globals'
import { serviceNames } from '@reeltag/contracts'
import { describeWith } from '@reeltag/testing'
import path from 'node:path'
import { useFaultBench } from './use-fault-bench.js'

const preload = path.join(import.meta.dirname, 'misbehaviour', 'die-after-commit.js')

// The faults that are over in seconds: `npm test` runs them without being asked.
describeWith(['redis', 'kafka'], 'what is killed and restarted with 200 contents in flight', () => {
  const bench = useFaultBench()

  it.each(serviceNames)('loses and doubles nothing when %s is killed', async (name) => {
    const fault = async (): Promise<void> => {
      await bench.fleet.service(name).kill()
      await bench.fleet.service(name).boot()
    }
    await bench.survives({ name: `kill-${name}`, fault })
  })

  it('loses and doubles nothing when a worker dies after the commit and before the queue hears of it', async () => {
    const fusion = bench.fleet.service('fusion')
    const fault = async (): Promise<void> => {
      await fusion.kill()
      await fusion.boot({ preload: preload })
      await fusion.ended()
      await fusion.boot()
    }
    await bench.survives({ name: 'die-after-commit', fault })
  })

  it('loses and doubles nothing when Redis is restarted empty', async () => {
    await bench.survives({
      name: 'redis-restarted-empty',
      fault: () => bench.fleet.servers.redis.restart({ keepData: false }),
    })
  })

  it('loses and doubles nothing when Postgres is killed and restarted', async () => {
    const fault = async (): Promise<void> => {
      await bench.fleet.servers.postgres.kill()
      await bench.fleet.servers.postgres.start()
    }
    await bench.survives({ name: 'postgres-restarted', fault })
  })
})
