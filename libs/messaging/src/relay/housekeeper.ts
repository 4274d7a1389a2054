import type { Blobs, Database } from '@reeltag/platform'

const uploadGraceSeconds = 3_600
const blobGraceSeconds = 24 * 3_600
const rowsMax = 5_000

/** Removes what nobody needs any more, so that figures stay flat: uploads that a crash left, blobs, old events. */
export class Housekeeper {
  constructor(
    private readonly db: Database,
    private readonly blobs: Blobs,
    private readonly eventsKeptDays: number,
  ) {}

  async work(): Promise<void> {
    await this.blobs.sweepUploads({ graceSeconds: uploadGraceSeconds })
    await this.blobs.sweep({ graceSeconds: blobGraceSeconds })
    await this.db.query(
      `DELETE FROM outbox WHERE id IN (
         SELECT id FROM outbox WHERE published_at < now() - $1 * interval '1 day' ORDER BY id LIMIT ${rowsMax})`,
      [this.eventsKeptDays],
    )
    await this.db.query(
      `DELETE FROM inbox WHERE ctid IN (
         SELECT ctid FROM inbox WHERE received_at < now() - 2 * $1 * interval '1 day' LIMIT ${rowsMax})`,
      [this.eventsKeptDays],
    )
  }
}
