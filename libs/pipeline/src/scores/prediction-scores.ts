import { ReeltagError, type Mask } from '@reeltag/contracts'
import type { Database } from '@reeltag/platform'
import { facetColumns, fromColumns, fromStored, logitsColumn } from './stored-logits.js'

/** What one prediction was decided from. */
export interface PredictionScore {
  readonly predictionId: string
  readonly contentId: string
  readonly revision: number
  /** Whose order of leaves it is, `name/version`. */
  readonly pack: string
  /** The model that gave the logits, `name/version`. */
  readonly head: string
  readonly mask: Mask
  /** Over the leaves in the pack's order, by facet in the pack's order. */
  readonly logits: Readonly<Record<string, Float32Array>>
  readonly createdAt: Date
}

export interface ScoresWanted {
  /** Only those of this pack. */
  readonly pack?: string
  /** Only predictions that were made at this time or later. */
  readonly since?: Date
  /** Only those behind this prediction: the last one of the batch before. */
  readonly after?: string
  /** Only the visible result of each content: the one of its highest revision. */
  readonly visible?: boolean
  readonly limit: number
}

export interface VisibleWanted
  extends Required<Pick<ScoresWanted, 'pack' | 'limit'>>, Partial<Record<'after', string | undefined>> {
  readonly facets: readonly string[]
}

interface Row {
  prediction_id: string
  content_id: string
  revision: number
  pack: string
  head: string
  mask: string
  facets: string[]
  logits: string[]
  created_at: Date
}

const columns = `s.prediction_id, s.content_id, s.revision, s.pack, s.head, s.mask, s.facets, ${logitsColumn}, s.created_at`

/** Reads `prediction_scores`, which fusion writes. Whoever decides anew starts here instead of at a model. */
export class PredictionScores {
  constructor(private readonly db: Pick<Database, 'query'>) {}

  /**
   * One batch, oldest prediction first. The next batch begins behind the last row: pass its `predictionId` as `after`.
   * The end is a batch that is shorter than the limit.
   */
  async read(workspaceId: string, { pack, since, after, visible, limit }: ScoresWanted): Promise<PredictionScore[]> {
    const rows = await this.db.query<Row>(
      `SELECT ${columns} FROM prediction_scores s
       ${visible === true ? 'JOIN contents c ON c.id = s.content_id AND c.revision = s.revision' : ''}
       WHERE s.workspace_id = $1 AND s.prediction_id > $2
         AND ($3::text IS NULL OR s.pack = $3) AND ($4::timestamptz IS NULL OR s.created_at >= $4)
       ORDER BY s.prediction_id LIMIT $5`,
      [workspaceId, after ?? firstOf(since), pack ?? null, since ?? null, limit],
    )
    return rows.map(toScore)
  }

  /**
   * One batch of visible results of a pack, oldest prediction first, with what a decision needs and nothing else: a million
   * are read where a policy is tried. The next batch begins behind the last row; the end is a batch that is shorter than the
   * limit.
   * @param wanted.facets those whose logits are read
   */
  async readVisible(
    workspaceId: string,
    { pack, facets, after, limit }: VisibleWanted,
  ): Promise<Pick<PredictionScore, 'predictionId' | 'contentId' | 'mask' | 'logits'>[]> {
    const rows = await this.db.query<Pick<Row, 'prediction_id' | 'content_id' | 'mask'> & Record<`l${number}`, string>>(
      `SELECT s.prediction_id, s.content_id, s.mask${facetColumns(facets, 5)}
       FROM prediction_scores s JOIN contents c ON c.id = s.content_id AND c.revision = s.revision
       WHERE s.workspace_id = $1 AND s.prediction_id > $2 AND s.pack = $3 ORDER BY s.prediction_id LIMIT $4`,
      [workspaceId, after ?? firstOf(undefined), pack, limit, ...facets],
    )
    return rows.map((row) => ({
      predictionId: row.prediction_id,
      contentId: row.content_id,
      mask: row.mask,
      logits: fromColumns(facets, row),
    }))
  }

  /**
   * The scores of a content's visible result.
   * @throws NOT_FOUND where the content has no result; SCORES_MISSING where the result is older than its scores are kept
   */
  async of(workspaceId: string, contentId: string): Promise<PredictionScore> {
    const [row] = await this.db.query<Row | { prediction_id: null; revision: number; made_at: Date }>(
      `SELECT ${columns}, p.revision, p.created_at AS made_at
       FROM contents c JOIN predictions p ON p.content_id = c.id AND p.revision = c.revision
         LEFT JOIN prediction_scores s ON s.prediction_id = p.id
       WHERE c.workspace_id = $1 AND c.id = $2`,
      [workspaceId, contentId],
    )
    if (row === undefined) throw new ReeltagError('NOT_FOUND', 'there is no such content, or it has no result yet')
    if (row.prediction_id !== null) return toScore(row)
    throw new ReeltagError(
      'SCORES_MISSING',
      `revision ${row.revision} of content ${contentId}, made ${row.made_at.toISOString()}, has no scores`,
    )
  }

  /** @returns undefined where they are not kept */
  async ofPrediction(workspaceId: string, predictionId: string): Promise<PredictionScore | undefined> {
    const [row] = await this.db.query<Row>(
      `SELECT ${columns} FROM prediction_scores s WHERE s.workspace_id = $1 AND s.prediction_id = $2`,
      [workspaceId, predictionId],
    )
    return row && toScore(row)
  }

  /**
   * How many visible results of a workspace can be decided again, and how many cannot.
   * @param pack only results that were made with it
   */
  async count(workspaceId: string, pack?: string): Promise<{ readonly kept: number; readonly missing: number }> {
    const [row] = await this.db.query<{ kept: number; missing: number }>(
      `SELECT count(s.prediction_id)::int AS kept, (count(*) - count(s.prediction_id))::int AS missing
       FROM contents c JOIN predictions p ON p.content_id = c.id AND p.revision = c.revision
         LEFT JOIN prediction_scores s ON s.prediction_id = p.id
       WHERE c.workspace_id = $1 AND ($2::text IS NULL OR p.versions->>'pack' = $2)`,
      [workspaceId, pack ?? null],
    )
    return row ?? { kept: 0, missing: 0 }
  }
}

const toScore = (row: Row): PredictionScore => ({
  predictionId: row.prediction_id,
  contentId: row.content_id,
  revision: row.revision,
  pack: row.pack,
  head: row.head,
  mask: row.mask,
  logits: fromStored(row.facets, row.logits),
  createdAt: row.created_at,
})

/** Ids are made a little before their rows are written, on a clock that may differ. */
const slackMs = 3_600_000

/** An id that is smaller than those of the predictions since a time, so that the index leads there. */
const firstOf = (since: Date | undefined): string => {
  const ms = Math.max(0, (since?.getTime() ?? 0) - slackMs)
  const hex = ms.toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-0000-0000-000000000000`
}
