import type { Database, Metrics } from '@reeltag/platform'

/** What waits, read from Postgres when somebody scrapes. */
export const measurePipeline = (metrics: Metrics, db: Database): void => {
  metrics.gauge('reeltag_outbox_unpublished', 'Events that wait for the relay', [], async (gauge) => {
    const [row] = await db.query<{ n: number }>(`SELECT count(*)::int AS n FROM outbox WHERE published_at IS NULL`)
    gauge.set(row?.n ?? 0)
  })
  metrics.gauge('reeltag_outbox_oldest_age_seconds', 'Age of the oldest event that waits', [], async (gauge) => {
    const [row] = await db.query<{ age: number | null }>(
      `SELECT extract(epoch FROM now() - min(created_at))::float8 AS age FROM outbox WHERE published_at IS NULL`,
    )
    gauge.set(row?.age ?? 0)
  })
  metrics.gauge('reeltag_stages', 'Stages that are ready, queued or running', ['state'], async (gauge) => {
    const rows = await db.query<{ state: string; n: number }>(
      `SELECT state, count(*)::int AS n FROM stages WHERE state IN ('ready', 'queued', 'running') GROUP BY state`,
    )
    gauge.reset()
    for (const { state, n } of rows) gauge.set({ state }, n)
  })
}
