import { classify, type Decision, type Modality, type RuleHit, type Tag, type Versions } from '@reeltag/contracts'
import { logitsColumn } from '@reeltag/pipeline'
import type { Transaction } from '@reeltag/platform'

export interface RunningRedecision {
  readonly id: string
  readonly workspace_id: string
  readonly policy_id: string | null
  readonly pack: string
  readonly cursor_id: string | null
  readonly postponed: string[]
  readonly undecidable: Readonly<Record<string, number>>
  readonly created_at: Date
}

/** A content and its visible result. The columns of the result are null where it has none, those of scores where none are kept. */
export interface PastContent {
  readonly id: string
  readonly revision: number
  /** It is being tagged. */
  readonly busy: boolean
  /** It is being decided at this moment, perhaps by what was in force before. */
  readonly deciding: boolean
  readonly prediction_id: string | null
  /** A person gave its result. */
  readonly reviewed: boolean
  readonly decision: Decision
  readonly modalities: Modality[]
  readonly tags: Tag[]
  readonly because: RuleHit[] | null
  readonly versions: Versions
  readonly input_hash: string
  readonly mask: string | null
  readonly facets: string[]
  readonly logits: string[]
}

/**
 * The next contents in the order of ids, or those that had been postponed.
 * @param slackMs contents count that came so long after the order: they may have been decided by what was in force before
 */
export const readPast = (
  tx: Transaction,
  { workspace_id, created_at, cursor_id, postponed }: RunningRedecision,
  { from, limit, slackMs }: { from: 'cursor' | 'postponed'; limit: number; slackMs: number },
): Promise<PastContent[]> =>
  tx.query<PastContent>(
    // The batch first, and then each of its results by itself: joined at will, Postgres reads all predictions for every batch.
    `WITH batch AS MATERIALIZED (
       SELECT c.id, c.state, c.revision FROM contents c
       WHERE c.workspace_id = $1 AND c.created_at <= $2::timestamptz + $3 * interval '1 millisecond'
         AND ${from === 'cursor' ? '($4::uuid IS NULL OR c.id > $4)' : 'c.id = ANY($4::uuid[])'}
       ORDER BY c.id LIMIT ${limit})
     SELECT b.id, b.revision, b.state = 'processing' AS busy,
       b.state = 'processing' AND EXISTS (
         SELECT 1 FROM stages t WHERE t.content_id = b.id AND t.stage = '${classify.stage}' AND t.state = 'running') AS deciding,
       p.id AS prediction_id, p.origin IS NOT NULL AS reviewed, p.decision, p.modalities, p.tags, p.because, p.versions, p.input_hash, s.mask, s.facets, ${logitsColumn}
     FROM batch b
       LEFT JOIN LATERAL (SELECT * FROM predictions WHERE content_id = b.id AND revision = b.revision LIMIT 1) p ON true
       LEFT JOIN LATERAL (SELECT * FROM prediction_scores WHERE prediction_id = p.id LIMIT 1) s ON true
     ORDER BY b.id`,
    [workspace_id, created_at, slackMs, from === 'cursor' ? cursor_id : postponed.slice(0, limit)],
  )
