import { expect, it } from '@jest/globals'
import { describeWith } from '@reeltag/testing'
import { Redis } from 'ioredis'
import { setTimeout as sleep } from 'node:timers/promises'
import { useFaultBench } from './use-fault-bench.js'

const kafkaDownMs = 60_000
const hungMs = 8_000

describeWith(['redis', 'kafka'], 'servers that fail with 200 contents in flight', () => {
  const bench = useFaultBench()

  it('loses and doubles nothing when Redis is flushed', async () => {
    const fault = async (): Promise<void> => {
      const redis = new Redis(bench.fleet.servers.redis.address)
      await redis.flushall()
      await redis.quit()
    }
    await bench.survives({ name: 'redis-flushed', fault })
  })

  it('loses and doubles nothing when Redis hangs', async () => {
    const fault = async (): Promise<void> => {
      bench.fleet.servers.redis.pause()
      await sleep(hungMs)
      bench.fleet.servers.redis.resume()
    }
    await bench.survives({ name: 'redis-hangs', fault })
  })

  it('accepts and tags while Kafka is down for a minute, and publishes everything afterwards', async () => {
    const fault = async (): Promise<void> => {
      await bench.fleet.servers.kafka.stop()
      const ready = await bench.fleet.fetch('/health/ready')
      expect(ready.status).toBe(200)
      await sleep(kafkaDownMs)
      await bench.fleet.servers.kafka.start()
    }
    await bench.survives({ name: 'kafka-down-60s', fault })
  })

  it('loses and doubles nothing when Kafka is killed and restarted', async () => {
    await bench.survives({
      name: 'kafka-restarted',
      fault: () => bench.fleet.servers.kafka.restart({ keepData: true }),
    })
  })

  it('has lost no process on the way', () => {
    expect(bench.fleet.processes.filter(({ runs }) => !runs)).toEqual([])
  })
})
