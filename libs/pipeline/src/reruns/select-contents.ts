import { codesWorthRetrying } from '@reeltag/contracts'

export interface RunningRerun {
  readonly id: string
  readonly workspace_id: string
  readonly selection: 'missing' | 'all' | 'failed'
  readonly stages: string[]
  readonly codes: string[]
  readonly pack: string
  readonly cursor_id: string | null
  readonly postponed: string[]
  readonly created_at: Date
  readonly superseded: boolean
}

export interface Selected {
  readonly id: string
  readonly state: string
  readonly pack: string
  /** False where the rerun is not about this content. */
  readonly wanted: boolean
}

type Bind = (value: unknown) => string

const wanted = ({ selection, pack, codes, stages }: RunningRerun, bind: Bind): string => {
  switch (selection) {
    case 'all':
      return 'true'
    case 'missing':
      // A content that failed for good would fail again.
      return `NOT EXISTS (SELECT 1 FROM predictions p WHERE p.content_id = c.id AND p.versions->>'pack' = ${bind(pack)})
        AND NOT (c.state = 'failed' AND c.error_code <> ALL(${bind(codesWorthRetrying)}::text[]))`
    case 'failed':
      return `c.state = 'failed' AND c.error_code = ANY(${bind(codes)}::text[])${failedIn(stages, bind)}`
  }
}

const failedIn = (stages: readonly string[], bind: Bind): string =>
  stages.length === 0
    ? ''
    : ` AND EXISTS (SELECT 1 FROM stages s
          WHERE s.content_id = c.id AND s.state = 'failed' AND s.stage = ANY(${bind(stages)}::text[]))`

/** The next contents of a rerun in the order of ids, or those that had been postponed. */
export const selectContents = (
  rerun: RunningRerun,
  from: 'cursor' | 'postponed',
  limit: number,
): { sql: string; params: readonly unknown[] } => {
  const params: unknown[] = []
  const bind: Bind = (value) => `$${params.push(value)}`
  const place =
    from === 'postponed'
      ? `c.id = ANY(${bind(rerun.postponed.slice(0, limit))}::uuid[])`
      : rerun.cursor_id === null
        ? 'true'
        : `c.id > ${bind(rerun.cursor_id)}`
  return {
    // The batch first: asked for in one go, Postgres reads all predictions for every batch.
    sql: `WITH batch AS MATERIALIZED (
        SELECT c.id, c.state, c.pack, c.error_code FROM contents c
        WHERE c.workspace_id = ${bind(rerun.workspace_id)} AND c.created_at <= ${bind(rerun.created_at)} AND ${place}
        ORDER BY c.id LIMIT ${limit})
      SELECT c.id, c.state, c.pack, (${wanted(rerun, bind)}) AS wanted FROM batch c ORDER BY c.id`,
    params,
  }
}
