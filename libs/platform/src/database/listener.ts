import pg from 'pg'
import type { Logger } from '../operations/logger.js'

const againMs = 1_000
/** A connection that a firewall forgot says nothing more; a question shows it. */
const proveMs = 15_000

export interface ListenerOptions {
  readonly connectionString: string
  readonly channel: string
  readonly logger: Logger
  readonly onPayload: (payload: string) => void
  /** Called each time it listens, the first included: what was told before was missed. */
  readonly onListening: () => void
}

/** Hears one channel of Postgres through a connection of its own, and connects again when that is lost. */
export class Listener {
  private client: pg.Client | undefined
  private again: NodeJS.Timeout | undefined
  private proof: NodeJS.Timeout | undefined
  private stopped = true

  constructor(private readonly options: ListenerOptions) {}

  start(): void {
    if (!this.stopped) return
    this.stopped = false
    void this.connect()
  }

  async stop(): Promise<void> {
    this.stopped = true
    clearTimeout(this.again)
    clearInterval(this.proof)
    const { client } = this
    this.client = undefined
    await client?.end().catch(() => undefined)
  }

  private async connect(): Promise<void> {
    const { connectionString, channel, onPayload, onListening } = this.options
    const client = new pg.Client({ connectionString, application_name: `reeltag-${channel}`, keepAlive: true })
    this.client = client
    const lost = (error: Error): void => this.lose(client, error)
    client.on('error', lost)
    client.on('notification', ({ payload }) => onPayload(payload ?? ''))
    try {
      await client.connect()
      await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`)
      this.proof = setInterval(() => void client.query('SELECT 1').catch(lost), proveMs)
      onListening()
    } catch (error) {
      lost(error as Error)
    }
  }

  private lose(client: pg.Client, error: Error): void {
    if (this.stopped || this.client !== client) return
    this.client = undefined
    clearInterval(this.proof)
    this.options.logger.warn(
      { err: error },
      `the connection that hears ${this.options.channel} is lost; it tries again`,
    )
    void client.end().catch(() => undefined)
    this.again = setTimeout(() => void this.connect(), againMs)
  }
}
