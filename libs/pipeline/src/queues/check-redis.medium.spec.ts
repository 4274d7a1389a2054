import { expect, it } from '@jest/globals'
import { createLogger } from '@reeltag/platform'
import { describeWith, freePort, startRedis } from '@reeltag/testing'
import { Redis } from 'ioredis'
import { checkRedis } from './check-redis.js'

describeWith(['redis'], 'the check of Redis at start', () => {
  const check = async (settings: Record<string, string>, prepare?: (redis: Redis) => Promise<string>) => {
    const server = await startRedis({ settings })
    const warnings: string[] = []
    const logger = createLogger({ level: 'silent' })
    logger.warn = ((text: string) => warnings.push(text)) as typeof logger.warn
    const redis = new Redis(server.address)
    try {
      const address = (await prepare?.(redis)) ?? server.address
      await checkRedis(address, logger)
      return warnings
    } finally {
      redis.disconnect()
      await server.remove()
    }
  }

  it('finds nothing to say about a Redis that keeps its jobs', async () => {
    expect(await check({})).toEqual([])
  })

  it('refuses one that evicts', async () => {
    const refused = { code: 'REDIS_EVICTS', message: 'maxmemory-policy is allkeys-lru' }
    await expect(check({ 'maxmemory-policy': 'allkeys-lru' })).rejects.toMatchObject(refused)
  })

  it('warns of one without an append-only file', async () => {
    expect(await check({ appendonly: 'no' })).toEqual([expect.stringContaining('append-only')])
  })

  it('needs no CONFIG, which managed servers forbid', async () => {
    const limited = async (redis: Redis): Promise<string> => {
      await redis.call('ACL', 'SETUSER', 'app', 'on', '>secret', '~*', '&*', '+@all', '-config')
      return `redis://app:secret@127.0.0.1:${redis.options.port ?? 0}/3`
    }
    expect(await check({}, limited)).toEqual([])
  })

  it('refuses a wrong password, a database that is not there, and nobody at all', async () => {
    const at = (path: string) => (redis: Redis) =>
      Promise.resolve(`redis://${path.replace('PORT', String(redis.options.port))}`)
    for (const path of [':wrong@127.0.0.1:PORT', ':right@127.0.0.1:PORT/99']) {
      await expect(check({ requirepass: 'right' }, at(path))).rejects.toMatchObject({ code: 'REDIS_UNAVAILABLE' })
    }
    const nobody = checkRedis(`redis://127.0.0.1:${await freePort()}`, createLogger({ level: 'silent' }))
    await expect(nobody).rejects.toMatchObject({ code: 'REDIS_UNAVAILABLE', cause: { code: 'ECONNREFUSED' } })
  })
})
