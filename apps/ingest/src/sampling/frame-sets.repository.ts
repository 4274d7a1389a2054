import { Injectable } from '@nestjs/common'
import { Frames } from '@reeltag/contracts'
import { Blobs, Database, newId, type Transaction } from '@reeltag/platform'

export interface FrameSet {
  readonly workspaceId: string
  readonly videoSha256: string
  readonly plan: string
  readonly output: Frames
}

/** Frames that were sampled before, by video and plan. */
@Injectable()
export class FrameSetsRepository {
  constructor(
    private readonly db: Database,
    private readonly blobs: Blobs,
  ) {}

  async find(workspaceId: string, videoSha256: string, plan: string): Promise<Frames | undefined> {
    const [row] = await this.db.query<{ meta: unknown }>(
      `SELECT meta FROM frame_sets WHERE workspace_id = $1 AND video_sha256 = $2 AND plan = $3`,
      [workspaceId, videoSha256, plan],
    )
    return row === undefined ? undefined : Frames.parse(row.meta)
  }

  /**
   * Another content with the same video may have been first; its frame set is kept. Sorted by the unique key, so that
   * two groups meet the same videos in the same order.
   */
  readonly insert = async (tx: Transaction, frameSets: readonly FrameSet[]): Promise<void> => {
    const rows = frameSets.map((frameSet) => ({ id: newId(), ...frameSet }))
    const inserted = await tx.query<{ id: string }>(
      `INSERT INTO frame_sets (id, workspace_id, video_sha256, plan, frames_sha256, filmstrip_sha256, meta)
       SELECT id, workspace_id, video_sha256, plan, frames_sha256, filmstrip_sha256, meta::jsonb
       FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
         AS d(id, workspace_id, video_sha256, plan, frames_sha256, filmstrip_sha256, meta)
       ORDER BY workspace_id, video_sha256, plan
       ON CONFLICT (workspace_id, video_sha256, plan) DO NOTHING RETURNING id`,
      [
        rows.map(({ id }) => id),
        rows.map(({ workspaceId }) => workspaceId),
        rows.map(({ videoSha256 }) => videoSha256),
        rows.map(({ plan }) => plan),
        rows.map(({ output }) => output.framesSha256),
        rows.map(({ output }) => output.filmstripSha256),
        rows.map(({ output }) => JSON.stringify(output)),
      ],
    )
    const fresh = new Set(inserted.map(({ id }) => id))
    const references = rows.flatMap(({ id: ownerId, workspaceId, output }) =>
      fresh.has(ownerId)
        ? [
            { workspaceId, sha256: output.framesSha256, role: 'frames' as const, ownerId },
            { workspaceId, sha256: output.filmstripSha256, role: 'filmstrip' as const, ownerId },
          ]
        : [],
    )
    if (references.length > 0) await this.blobs.refer(tx, references)
  }
}
