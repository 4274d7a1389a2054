import { Injectable } from '@nestjs/common'
import type { ContentState, Frames, SubmitContent } from '@reeltag/contracts'
import { packInForce, recording, StageStore, type NewContent } from '@reeltag/pipeline'
import { Blobs, Database } from '@reeltag/platform'
import type { Cursor } from '@reeltag/http'

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
  readonly prediction: {
    id: string
    revision: number
    decision: string
    modalities: string[]
    tags: unknown
    versions: unknown
    created_at: string
  } | null
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

// One statement: a content with its frames' facts and its visible result, the one with the highest revision.
const select = `
  SELECT c.id, c.external_id, c.state, c.revision, c.submission, c.video_sha256, c.video_bytes, c.error_code, c.error_detail,
    c.created_at, c.updated_at,
    (SELECT s.output FROM stages s WHERE s.content_id = c.id AND s.stage = 'sample-frames') AS sampled,
    (SELECT to_jsonb(p) FROM (SELECT id, revision, decision, modalities, tags, versions, origin, created_at FROM predictions
      WHERE content_id = c.id ORDER BY revision DESC LIMIT 1) p) AS prediction
  FROM contents c`

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
    const [row] = await this.db.query<ContentRow>(`${select} WHERE c.workspace_id = $1 AND c.id = $2`, [
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

  /** Newest first, one row more than the limit. */
  async list(
    workspaceId: string,
    filter: { readonly state?: string | undefined; readonly externalId?: string | undefined },
    limit: number,
    after: Cursor | undefined,
  ): Promise<ContentRow[]> {
    return this.db.query<ContentRow>(
      `${select} WHERE c.workspace_id = $1 AND ($2::text IS NULL OR c.state = $2) AND ($3::text IS NULL OR c.external_id = $3)
         AND ($4::timestamptz IS NULL OR (c.created_at, c.id) < ($4::timestamptz, $5::uuid))
       ORDER BY c.created_at DESC, c.id DESC LIMIT $6`,
      [
        workspaceId,
        filter.state ?? null,
        filter.externalId ?? null,
        after?.createdAt ?? null,
        after?.id ?? null,
        limit + 1,
      ],
    )
  }
}
