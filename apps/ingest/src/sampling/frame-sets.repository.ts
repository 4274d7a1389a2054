import { Injectable } from '@nestjs/common'
import { sampleFrames, type JobOutput } from '@reeltag/contracts'
import { Blobs, Database, newId, type Transaction } from '@reeltag/platform'

type SampleOutput = JobOutput<typeof sampleFrames>

export interface FrameSet {
  readonly workspaceId: string
  readonly videoSha256: string
  readonly plan: string
  readonly output: SampleOutput
}

/** Frames that were sampled before, by video and plan. */
@Injectable()
export class FrameSetsRepository {
  constructor(
    private readonly db: Database,
    private readonly blobs: Blobs,
  ) {}

  async find(workspaceId: string, videoSha256: string, plan: string): Promise<SampleOutput | undefined> {
    const [row] = await this.db.query<{ meta: unknown }>(
      `SELECT meta FROM frame_sets WHERE workspace_id = $1 AND video_sha256 = $2 AND plan = $3`,
      [workspaceId, videoSha256, plan],
    )
    return row === undefined ? undefined : sampleFrames.output.parse(row.meta)
  }

  /** Another content with the same video may have been first; its set stands. */
  async insert(tx: Transaction, { workspaceId, videoSha256, plan, output }: FrameSet): Promise<void> {
    const id = newId()
    const inserted = await tx.query(
      `INSERT INTO frame_sets (id, workspace_id, video_sha256, plan, frames_sha256, filmstrip_sha256, meta)
       VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb) ON CONFLICT (workspace_id, video_sha256, plan) DO NOTHING RETURNING id`,
      [id, workspaceId, videoSha256, plan, output.framesSha256, output.filmstripSha256, JSON.stringify(output)],
    )
    if (inserted.length === 0) return
    await this.blobs.refer(tx, workspaceId, output.framesSha256, 'frames', id)
    await this.blobs.refer(tx, workspaceId, output.filmstripSha256, 'filmstrip', id)
  }
}
