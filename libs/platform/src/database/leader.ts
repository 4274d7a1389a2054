import { ReeltagError } from '@reeltag/contracts'
import { settlesWithin } from '../settles-within.js'
import { type Logger } from '../operations/logger.js'
import pg from 'pg'

const pollMs = 1_000
const finishMsMax = 5_000
/** How often a leader reports that it is alive, also during long work. */
const heartbeatMs = 2_000
const silentSecondsDefault = 15

export interface LeaderOptions {
  readonly connectionString: string
  /** Advisory lock that exactly one process holds while it leads. */
  readonly lockKey: number
  readonly logger: Logger
  /** Called once each time leadership is won, before any `work`. */
  readonly begin?: () => Promise<void>
  /** Called once by a leader that stops, while it still holds the lock. The next leader takes over what is left. */
  readonly finish?: () => Promise<void>
  /** Does the waiting work. Called on every wake-up and at least once a second. */
  readonly work: () => Promise<void>
  /** A leader that has not reported for this long is considered frozen and loses the lock. Default 15 s. */
  readonly silentSecondsMax?: number
}

/**
 * Runs one piece of work in exactly one process: the one whose session holds an advisory lock. Woken by NOTIFY on
 * channel `relay`; it also polls, because a notification can be lost with its connection. A leader that dies loses its
 * session and therefore the lock at once. A frozen leader (stopped, starved, swapped out) keeps its session, so the
 * others end that session when heartbeats are missing.
 */
export class Leader {
  private stopping = false
  private wake: () => void = () => undefined
  private pending = false
  private running: Promise<void> | undefined

  constructor(private readonly options: LeaderOptions) {}

  start(): void {
    this.running ??= this.run()
  }

  async stop(): Promise<void> {
    this.stopping = true
    this.wake()
    await this.running
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      const client = new pg.Client({
        connectionString: this.options.connectionString,
        application_name: 'reeltag-relay',
      })
      try {
        await this.lead(client)
      } catch (error) {
        if (!this.stopping) this.options.logger.warn({ err: error }, whyNot(error))
      } finally {
        await client.end().catch(() => undefined)
      }
      if (!this.stopping) await this.pause(pollMs)
    }
  }

  private async lead(client: pg.Client): Promise<void> {
    let lost: Error | undefined
    client.on('error', (error) => {
      lost = error
      this.wake()
    })
    client.on('notification', () => {
      this.pending = true
      this.wake()
    })
    await client.connect()
    while (!this.stopping && !(await this.tryLock(client))) {
      await this.deposeFrozen(client)
      await this.pause(pollMs)
    }
    if (this.stopping) return
    const heartbeat = setInterval(() => void client.query('SELECT 1').catch(() => undefined), heartbeatMs)
    try {
      await client.query('LISTEN relay')
      await this.options.begin?.()
      while (!this.stopping) {
        if (lost !== undefined) throw lost
        this.pending = false
        await this.options.work()
        if (!this.pending) await this.pause(pollMs)
      }
      await settlesWithin(finishMsMax, this.options.finish?.() ?? Promise.resolve())
    } finally {
      clearInterval(heartbeat)
    }
  }

  private async deposeFrozen(client: pg.Client): Promise<void> {
    const { rowCount } = await client.query(
      `SELECT pg_terminate_backend(a.pid) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
       WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 0 AND l.objid = $1 AND l.objsubid = 1
         AND a.datname = current_database() AND a.state_change < clock_timestamp() - $2 * interval '1 second'`,
      [this.options.lockKey, this.options.silentSecondsMax ?? silentSecondsDefault],
    )
    if ((rowCount ?? 0) > 0)
      this.options.logger.warn('the process that led the relay was frozen; another one takes over')
  }

  private async tryLock(client: pg.Client): Promise<boolean> {
    const result = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [
      this.options.lockKey,
    ])
    return result.rows[0]?.locked === true
  }

  private async pause(ms: number): Promise<void> {
    if (this.stopping) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.wake = () => undefined
  }
}

const whyNot = (error: unknown): string =>
  error instanceof ReeltagError
    ? 'this process may not lead the relay; another one can, and it tries again'
    : 'relay lost its database session; it tries again'
