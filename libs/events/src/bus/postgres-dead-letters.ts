import type { Database } from '@reeltag/platform'
import type { DeadLetter, DeadLetterFilter, DeadLetters } from './dead-letters.js'

interface Row {
  consumer: string
  event_id: string
  name: string
  content_id: string | null
  code: string
  detail: string
  created_at: Date
  replayed_at: Date | null
}

const where = `($1::text IS NULL OR consumer = $1) AND ($2::text IS NULL OR name = $2)
  AND ($3::text IS NULL OR event_id::text = $3) AND ($4::text IS NULL OR code = $4)
  AND ($5 OR coalesce(replayed_at, replay_requested_at) IS NULL)`
const columns = `consumer, event_id, name, envelope->>'subject' AS content_id, code, detail, created_at,
  coalesce(replayed_at, replay_requested_at) AS replayed_at`

/** Dead letters of the event bus inside the process. Replays are asked for here and made by the running platform. */
export class PostgresDeadLetters implements DeadLetters {
  constructor(private readonly db: Database) {}

  async list(filter: DeadLetterFilter): Promise<DeadLetter[]> {
    const rows = await this.db.query<Row>(
      `SELECT ${columns} FROM dead_letters WHERE ${where} ORDER BY created_at, event_id, consumer`,
      parameters(filter),
    )
    return rows.map(toLetter)
  }

  async replay(filter: DeadLetterFilter): Promise<DeadLetter[]> {
    const rows = await this.db.query<Row>(
      `UPDATE dead_letters SET replay_requested_at = now(), replayed_at = NULL WHERE ${where} RETURNING ${columns}`,
      parameters({ ...filter, replayed: false }),
    )
    await this.db.query(`SELECT pg_notify('relay', '')`)
    return rows.map(toLetter)
  }

  async close(): Promise<void> {
    // The database belongs to whoever opened it.
  }
}

const parameters = ({ consumer, name, eventId, code, replayed }: DeadLetterFilter): unknown[] => [
  consumer ?? null,
  name ?? null,
  eventId ?? null,
  code ?? null,
  replayed === true,
]

const toLetter = (row: Row): DeadLetter => ({
  place: `${row.consumer}/${row.event_id}`,
  consumer: row.consumer,
  name: row.name,
  eventId: row.event_id,
  contentId: row.content_id,
  code: row.code,
  detail: row.detail,
  isWhole: true,
  failedAt: row.created_at,
  replayedAt: row.replayed_at,
})
