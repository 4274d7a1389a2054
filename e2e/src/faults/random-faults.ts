import { serviceNames } from '@reeltag/contracts'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import type { Fleet } from '../fleet.js'

export interface Fault {
  readonly name: string
  readonly happen: (fleet: Fleet) => Promise<void>
}

const awayMs = 5_000
const slowMs = 50

const killed = serviceNames.map((name) => ({
  name: `kill ${name}`,
  happen: async (fleet: Fleet) => {
    await fleet.service(name).kill()
    await fleet.service(name).boot()
  },
}))

const frozen = serviceNames.map((name) => ({
  name: `freeze ${name}`,
  happen: async (fleet: Fleet) => {
    fleet.service(name).signal('SIGSTOP')
    await sleep(awayMs)
    fleet.service(name).signal('SIGCONT')
  },
}))

const blobStore = (name: string, begin: (fleet: Fleet) => void): Fault => ({
  name,
  happen: async (fleet) => {
    begin(fleet)
    await sleep(awayMs)
    fleet.servers.s3?.proxy.delay(0)
    fleet.servers.s3?.proxy.set('pass')
  },
})

/** Everything that may go wrong and must not matter. */
export const faults: readonly Fault[] = [
  ...killed,
  ...frozen,
  {
    name: 'flush Redis',
    happen: async ({ servers }) => {
      const redis = new Redis(servers.redis.address)
      await redis.flushall()
      await redis.quit()
    },
  },
  { name: 'restart Redis empty', happen: ({ servers }) => servers.redis.restart({ keepData: false }) },
  { name: 'restart Redis', happen: ({ servers }) => servers.redis.restart({ keepData: true }) },
  { name: 'restart Kafka', happen: ({ servers }) => servers.kafka.restart({ keepData: true }) },
  {
    name: 'freeze Kafka',
    happen: async ({ servers }) => {
      servers.kafka.pause()
      await sleep(awayMs)
      servers.kafka.resume()
    },
  },
  {
    name: 'restart Postgres',
    happen: async ({ servers }) => {
      await servers.postgres.kill()
      await servers.postgres.start()
    },
  },
  blobStore('reset the blob store', ({ servers }) => servers.s3?.proxy.set('reset')),
  blobStore('lose the blob store', ({ servers }) => servers.s3?.proxy.set('black-hole')),
  blobStore('slow the blob store', ({ servers }) => servers.s3?.proxy.delay(slowMs)),
]

/** Numbers in [0, 1) that are the same for the same seed (mulberry32, Tommy Ettinger, public domain). */
export const seededRandom = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
