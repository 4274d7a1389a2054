import { Injectable } from '@nestjs/common'
import { ReeltagError } from '@reeltag/contracts'
import { Database } from '@reeltag/platform'
import { isIPv6 } from 'node:net'
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'

/** Failed attempts that one address, and all together, may make in a minute. */
const byAddressMax = 20
const overallMax = 600
const seconds = 60

/**
 * Counts attempts to sign in that fail, in Postgres, so that all processes count together. Tokens cannot be guessed; this
 * keeps whoever tries from costing the others their database. An address that has used up its attempts is answered
 * from memory.
 */
@Injectable()
export class SignInThrottle {
  private readonly byAddress: RateLimiterPostgres
  private readonly overall: RateLimiterPostgres

  constructor(db: Database) {
    this.byAddress = limiterOf(db, 'address', byAddressMax)
    this.overall = limiterOf(db, 'overall', overallMax)
  }

  /**
   * Runs an attempt. One that succeeds counts for nothing.
   * @param ip of who tries; people behind one proxy share it unless PROXIES_TRUSTED names the proxy
   * @throws SIGN_IN_THROTTLED, whatever the attempt fails with
   */
  async attempt<T>(ip: string, run: () => Promise<T>): Promise<T> {
    const address = networkOf(ip)
    await consume(this.byAddress, address)
    await consume(this.overall, 'all')
    const result = await run()
    await Promise.all([this.byAddress.reward(address, 1), this.overall.reward('all', 1)])
    return result
  }
}

const limiterOf = (db: Database, keyPrefix: string, points: number): RateLimiterPostgres =>
  new RateLimiterPostgres({
    storeClient: {
      query: async ({ text, values }: { readonly text: string; readonly values: readonly unknown[] }) => {
        const rows = await db.query(text, values)
        return { rows, rowCount: rows.length }
      },
    },
    storeType: 'client',
    tableName: 'sign_in_attempts',
    tableCreated: true,
    keyPrefix,
    points,
    duration: seconds,
    inMemoryBlockOnConsumed: points + 1,
  })

const consume = async (limiter: RateLimiterPostgres, key: string): Promise<void> => {
  try {
    await limiter.consume(key)
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused
    const retryAfter = Math.max(1, Math.ceil(refused.msBeforeNext / 1_000))
    throw new ReeltagError('SIGN_IN_THROTTLED', `try again in ${retryAfter} s`, { extensions: { retryAfter } })
  }
}

/** A household or a server has 2^64 addresses of IPv6 to try from, so they count as one. */
const networkOf = (ip: string): string => {
  if (!isIPv6(ip) || ip.startsWith('::ffff:')) return ip
  const [head = '', tail = ''] = ip.split('::')
  const groups = [head, tail].map((part) => part.split(':').filter(Boolean))
  const missing = Array.from({ length: 8 - (groups[0]?.length ?? 0) - (groups[1]?.length ?? 0) }, () => '0')
  return [...(groups[0] ?? []), ...(ip.includes('::') ? missing : []), ...(groups[1] ?? [])].slice(0, 4).join(':')
}
