import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { describeWith } from '@reeltag/testing'
import { Redis } from 'ioredis'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Fleet } from '../fleet.js'
import { FaultBench } from './fault-bench.js'
import type { FaultCase } from './fault-case.js'

const kafkaDownMs = 60_000
const hungMs = 8_000

describeWith(['redis', 'kafka'], 'servers that fail with 200 contents in flight', () => {
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

  it('loses and doubles nothing when Redis is flushed', async () => {
    const fault = async (): Promise<void> => {
      const redis = new Redis(fleet.servers.redis.address)
      await redis.flushall()
      await redis.quit()
    }
    await survives({ name: 'redis-flushed', fault })
  }, 420_000)

  it('loses and doubles nothing when Redis hangs', async () => {
    const fault = async (): Promise<void> => {
      fleet.servers.redis.pause()
      await sleep(hungMs)
      fleet.servers.redis.resume()
    }
    await survives({ name: 'redis-hangs', fault })
  }, 420_000)

  it('accepts and tags while Kafka is down for a minute, and publishes everything afterwards', async () => {
    const fault = async (): Promise<void> => {
      await fleet.servers.kafka.stop()
      const ready = await fleet.fetch('/health/ready')
      expect(ready.status).toBe(200)
      await sleep(kafkaDownMs)
      await fleet.servers.kafka.start()
    }
    await survives({ name: 'kafka-down-60s', fault })
  }, 420_000)

  it('loses and doubles nothing when Kafka is killed and restarted', async () => {
    await survives({ name: 'kafka-restarted', fault: () => fleet.servers.kafka.restart({ keepData: true }) })
  }, 420_000)

  it('has lost no process on the way', () => {
    expect(fleet.processes.filter(({ runs }) => !runs)).toEqual([])
  })
})
