import { Injectable } from '@nestjs/common'
import type { ContentState, Frames, SubmitContent } from '@reeltag/contracts'
import { packInForce, recording, StageStore, type NewContent } from '@reeltag/pipeline'
import { Blobs, Database } from '@reeltag/platform'
import type { Cursor } from '@reeltag/http'
import { whereOf, type ContentFilter } from './content-filter.js'

export interface ContentRow {
  readonly id: string
  readonly external_id: string | null
  readonly state: ContentState
  readonly revision: number
  readonly submission: SubmitContent
  readonly video_sha256: string | null
  readonly video_bytes: string | null
  readonly error_code: string | null
  readonly error_detail: string | null
  readonly created_at: Date
  readonly updated_at: Date
  /** Empty where the pack has no use for frames. */
  readonly sampled: Partial<Pick<Frames, 'durationMs' | 'width' | 'height' | 'filmstripSha256'>> | null
  readonly prediction: PredictionRow | null
}

export interface PredictionRow {
  readonly id: string
  readonly revision: number
  readonly decision: string
  readonly modalities: string[]
  readonly tags: unknown
  readonly versions: unknown
  /** Origin of contracts; null where no person gave it. */
  readonly origin: unknown
  readonly created_at: string | Date
}

export interface HistoryRow extends PredictionRow {
  /** null: no stage made it. */
  readonly attempt: number | null
  readonly because: unknown
  readonly item: { itemId: string; reason: string; state: string } | null
}

export interface StageRow {
  readonly stage: string
  readonly state: string
  readonly attempt: number
  readonly ready_at: Date
  readonly started_at: Date | null
  readonly finished_at: Date | null
  readonly error_code: string | null
}

/** Contents whose titles one search reads; the next page goes on behind them. */
const searchedMax = 5_000
const revisionsMax = 200

// One statement: a content with its frames' facts and its visible result, the one with the highest revision.
const select = `
  SELECT c.id, c.external_id, c.state, c.revision, c.submission, c.video_sha256, c.video_bytes, c.error_code, c.error_detail,
    c.created_at, c.updated_at,
    (SELECT s.output FROM stages s WHERE s.content_id = c.id AND s.stage = 'sample-frames') AS sampled,
    (SELECT to_jsonb(p) FROM (SELECT id, revision, decision, modalities, tags, versions, origin, created_at FROM predictions
      WHERE content_id = c.id ORDER BY revision DESC LIMIT 1) p) AS prediction
  FROM`

@Injectable()
export class ContentsRepository {
  constructor(
    private readonly db: Database,
    private readonly stages: StageStore,
    private readonly blobs: Blobs,
  ) {}

  /** @throws NOT_FOUND where the workspace is gone */
  packOf(workspaceId: string): Promise<string> {
    return packInForce(this.db, workspaceId)
  }

  /** @returns false where the externalId is taken */
  async accept(content: NewContent): Promise<boolean> {
    const { id: ownerId, workspaceId, video } = content
    const reference = (sha256: string) => ({ workspaceId, sha256, role: 'video' as const, ownerId })
    return this.stages.accept(
      content,
      video === null ? [] : [recording(this.blobs.refer, () => reference(video.sha256))],
    )
  }

  /** The content that has the externalId of a submission, and whether that very submission made it. */
  async findRepeated({
    workspaceId,
    externalId,
    submission,
    video,
  }: Omit<NewContent, 'id'>): Promise<{ id: string; state: ContentState; same: boolean } | undefined> {
    const [row] = await this.db.query<{ id: string; state: ContentState; same: boolean }>(
      `SELECT id, state, video_sha256 IS NOT DISTINCT FROM $4
         AND '{"priority":"interactive"}' || submission = '{"priority":"interactive"}' || $3::jsonb AS same
       FROM contents WHERE workspace_id = $1 AND external_id = $2`,
      [workspaceId, externalId, JSON.stringify(submission), video?.sha256 ?? null],
    )
    return row
  }

  async find(workspaceId: string, id: string): Promise<ContentRow | undefined> {
    const [row] = await this.db.query<ContentRow>(`${select} contents c WHERE c.workspace_id = $1 AND c.id = $2`, [
      workspaceId,
      id,
    ])
    return row
  }

  async stagesOf(id: string): Promise<StageRow[]> {
    return this.db.query<StageRow>(
      `SELECT stage, state, attempt, ready_at, started_at, finished_at, error_code FROM stages
       WHERE content_id = $1 ORDER BY ready_at, stage`,
      [id],
    )
  }

  /** Newest first, one row more than the limit. With `q`, of the contents that a search looks at. */
  async list(
    workspaceId: string,
    filter: ContentFilter,
    limit: number,
    after: Cursor | undefined,
  ): Promise<ContentRow[]> {
    const { where, params } = whereOf(workspaceId, filter, after)
    const newest = 'ORDER BY c.created_at DESC, c.id DESC'
    if (filter.q === undefined)
      return this.db.query<ContentRow>(`${select} contents c WHERE ${where} ${newest} LIMIT $${params.length + 1}`, [
        ...params,
        limit + 1,
      ])
    return this.db.query<ContentRow>(
      `${select} (SELECT c.* FROM contents c WHERE ${where} ${newest} LIMIT ${searchedMax}) c
       WHERE strpos(lower(c.submission->>'title'), lower($${params.length + 1})) > 0 ${newest}
       LIMIT $${params.length + 2}`,
      [...params, filter.q, limit + 1],
    )
  }

  /** The last content that a search looked at; undefined where it has looked at all of them. */
  async searchedTo(workspaceId: string, filter: ContentFilter, after: Cursor | undefined): Promise<Cursor | undefined> {
    const { where, params } = whereOf(workspaceId, filter, after)
    const [row] = await this.db.query<{ id: string; created_at: Date }>(
      `SELECT c.id, c.created_at FROM contents c WHERE ${where}
       ORDER BY c.created_at DESC, c.id DESC OFFSET ${searchedMax - 1} LIMIT 1`,
      params,
    )
    return row === undefined ? undefined : { id: row.id, createdAt: row.created_at.toISOString() }
  }

  /** Its results, the newest first. */
  async history(id: string): Promise<HistoryRow[]> {
    return this.db.query<HistoryRow>(
      `SELECT p.id, p.revision, p.decision, p.modalities, p.tags, p.versions, p.created_at, p.attempt, p.origin, p.because,
         (SELECT jsonb_build_object('itemId', r.id, 'reason', r.reason, 'state', r.state) FROM review_items r
          WHERE r.prediction_id = p.id) AS item
       FROM predictions p WHERE p.content_id = $1 ORDER BY p.revision DESC LIMIT ${revisionsMax}`,
      [id],
    )
  }
}
