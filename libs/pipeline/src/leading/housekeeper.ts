import type { Blobs, Config, Database, Logger } from '@reeltag/platform'

const uploadGraceSeconds = 3_600
const blobGraceSeconds = 24 * 3_600
const rowsMax = 5_000
const piecesMax = 200

/** Removes what nobody needs any more, so that figures stay flat: uploads that a crash left, blobs, old events and scores. */
export class Housekeeper {
  private stopping = false
  private running: Promise<void> | undefined

  constructor(
    private readonly db: Database,
    private readonly blobs: Blobs,
    private readonly retention: Config['retention'],
    private readonly logger: Logger,
  ) {}

  /** Begins in the background: after a long pause there is much to remove, and no video waits for that. */
  start(): void {
    this.running ??= this.work()
      .catch((err: unknown) => this.logger.warn({ err }, 'the clean-up stopped early; it will be retried'))
      .finally(() => (this.running = undefined))
  }

  /** Ends behind the piece that is under way. */
  async stop(): Promise<void> {
    this.stopping = true
    await this.running
  }

  async work(): Promise<void> {
    const { eventsKeptDays, scoresKeptDays } = this.retention
    await this.deleteOld(
      `DELETE FROM outbox WHERE id = ANY(ARRAY(
         SELECT id FROM (SELECT id, published_at FROM outbox ORDER BY id LIMIT ${rowsMax}) AS oldest
         WHERE published_at < now() - $1 * interval '1 day')) RETURNING 1`,
      eventsKeptDays,
    )
    // A receipt outlives its event: the longest that a delivery can be late.
    await this.deleteOld(
      `DELETE FROM inbox WHERE ctid = ANY(ARRAY(
         SELECT ctid FROM inbox WHERE received_at < now() - $1 * interval '1 day' ORDER BY received_at LIMIT ${rowsMax}))
       RETURNING 1`,
      2 * eventsKeptDays,
    )
    if (scoresKeptDays > 0)
      await this.deleteOld(
        // Ids of predictions grow with time, so the oldest rows are the first ones of the index.
        `DELETE FROM prediction_scores WHERE prediction_id = ANY(ARRAY(
           SELECT prediction_id FROM (SELECT prediction_id, created_at FROM prediction_scores ORDER BY prediction_id LIMIT ${rowsMax})
             AS oldest
           WHERE created_at < now() - $1 * interval '1 day')) RETURNING 1`,
        scoresKeptDays,
      )
    // Last: a store that is away keeps nothing else from being tidied.
    await this.blobs.sweepUploads({ graceSeconds: uploadGraceSeconds })
    await this.blobs.sweep({ graceSeconds: blobGraceSeconds })
  }

  /** In pieces, so that no lock is long and no transaction large; as many as it takes to keep up with what comes. */
  private async deleteOld(sql: string, days: number): Promise<void> {
    for (let piece = 0; piece < piecesMax && !this.stopping; piece++) {
      const { length } = await this.db.query(sql, [days])
      if (length < rowsMax) return
    }
  }
}
