import { PrismaPg } from '@prisma/adapter-pg'
import type pg from 'pg'
import { PrismaClient } from '../generated/prisma/client.js'
import { openPool } from './open-pool.js'

type Row = pg.QueryResultRow

/**
 * A process that is frozen between two statements keeps its rows locked. This time is shorter than a lease, so that the
 * rows are free when the lease expires.
 */
const idleInTransactionMsMax = 10_000

/** What runs inside a transaction; `$1`-style parameters. */
export interface Transaction {
  query<T extends object = Row>(sql: string, params?: readonly unknown[]): Promise<T[]>
}

export interface TransactionOptions {
  /** Waits for the disk. If false, a power cut may lose the last few hundred milliseconds, but never their order. */
  readonly durable: boolean
}

/**
 * All access to Postgres. Hot paths write SQL through the pool; Prisma serves typed reads and plain writes off them
 * (its interactive transactions reach a few hundred a second, see ADR 0006).
 */
export class Database {
  readonly prisma: PrismaClient
  private readonly pool: pg.Pool
  private readonly prismaPool: pg.Pool

  constructor(
    readonly url: string,
    { poolMax }: { readonly poolMax: number },
  ) {
    // Commits are asynchronous unless a transaction asks otherwise: bookkeeping can be repeated after a crash, results
    // cannot.
    const options = '-c synchronous_commit=off'
    this.pool = openPool({
      connectionString: url,
      max: poolMax,
      options,
      idle_in_transaction_session_timeout: idleInTransactionMsMax,
      keepAlive: true,
      application_name: 'reeltag',
    })
    this.prismaPool = openPool({ connectionString: url, max: 4, application_name: 'reeltag-prisma' })
    this.prisma = new PrismaClient({ adapter: new PrismaPg(this.prismaPool) })
  }

  /** One statement, committed by itself and without waiting for the disk. */
  async query<T extends object = Row>(sql: string, params: readonly unknown[] = []): Promise<T[]> {
    const result = await this.pool.query<T & Row>(sql, [...params])
    return result.rows
  }

  async transaction<T>(run: (tx: Transaction) => Promise<T>, { durable }: TransactionOptions): Promise<T> {
    const client = await this.pool.connect()
    let broken: Error | undefined
    const onError = (error: Error): void => {
      broken ??= error
    }
    client.on('error', onError)
    try {
      await client.query(durable ? 'BEGIN; SET LOCAL synchronous_commit = on' : 'BEGIN')
      const result = await run({
        query: async <R extends object = Row>(sql: string, params: readonly unknown[] = []) =>
          (await client.query<R & Row>(sql, [...params])).rows,
      })
      await client.query('COMMIT')
      return result
    } catch (error) {
      // The error that ended the session says more than that of the next statement.
      const cause = broken ?? error
      await client.query('ROLLBACK').catch((failed: Error) => {
        broken ??= failed
      })
      throw cause
    } finally {
      client.off('error', onError)
      client.release(broken)
    }
  }

  async close(): Promise<void> {
    await this.prisma.$disconnect()
    await Promise.all([this.prismaPool.end(), this.pool.end()])
  }
}
