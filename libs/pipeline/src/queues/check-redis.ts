import { ReeltagError } from '@reeltag/contracts'
import type { Logger } from '@reeltag/platform'
import { Redis } from 'ioredis'
import { setTimeout as sleep } from 'node:timers/promises'

const answerMsMax = 5_000

/**
 * Checks that Redis is configured as the queues need. Reads INFO, which BullMQ needs anyway and which managed servers
 * allow even if they forbid CONFIG.
 * @throws REDIS_UNAVAILABLE with the cause, REDIS_EVICTS
 */
export const checkRedis = async (url: string, logger: Logger): Promise<void> => {
  const info = await readInfo(url)
  const fact = (name: string): string | undefined => new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1]
  const policy = fact('maxmemory_policy')
  if (policy === undefined) logger.warn('Redis does not report its maxmemory-policy; make sure that it is noeviction')
  else if (policy !== 'noeviction') throw new ReeltagError('REDIS_EVICTS', `maxmemory-policy is ${policy}`)
  const aof = fact('aof_enabled')
  if (aof === undefined) logger.warn('Redis does not report whether it writes an append-only file (appendonly yes)')
  else if (aof === '0')
    logger.warn('Redis writes no append-only file: after it restarts, every queued job is added again from Postgres')
}

const readInfo = async (url: string): Promise<string> => {
  const client = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null })
  let refused: Error | undefined
  client.on('error', (error) => (refused = error))
  try {
    const answer = client.connect().then(async () => {
      // The address selects the database, but only this command fails if the database does not exist.
      await client.select(client.options.db ?? 0)
      return client.info()
    })
    return await Promise.race([answer, tooLate()])
  } catch (error) {
    // A wrong password or database number is reported as an event; the promise only says that the connection is closed.
    throw new ReeltagError('REDIS_UNAVAILABLE', (refused ?? (error as Error)).message, { cause: refused ?? error })
  } finally {
    client.disconnect()
  }
}

/** For a server that never answers, or that is still loading its file. */
const tooLate = async (): Promise<never> => {
  await sleep(answerMsMax, undefined, { ref: false })
  throw Object.assign(new Error(`timeout: no answer within ${answerMsMax} ms`), { code: 'ETIMEDOUT' })
}
