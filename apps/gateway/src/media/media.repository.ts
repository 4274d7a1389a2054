import { Injectable } from '@nestjs/common'
import type { Frames } from '@reeltag/contracts'
import { Database } from '@reeltag/platform'
import { randomBytes } from 'node:crypto'

export interface MediaRow {
  readonly video_sha256: string | null
  /** Empty where the pack has no use for frames; null before they were sampled. */
  readonly sampled: Partial<Pick<Frames, 'frames' | 'timesMs' | 'filmstripSha256' | 'codec'>> | null
}

const secretBytes = 32

@Injectable()
export class MediaRepository {
  constructor(private readonly db: Database) {}

  async find(workspaceId: string, contentId: string): Promise<MediaRow | undefined> {
    const [row] = await this.db.query<MediaRow>(
      `SELECT c.video_sha256,
         (SELECT s.output FROM stages s WHERE s.content_id = c.id AND s.stage = 'sample-frames') AS sampled
       FROM contents c WHERE c.workspace_id = $1 AND c.id = $2`,
      [workspaceId, contentId],
    )
    return row
  }

  /** The secret that all gateways of this database sign with. The first of them makes it. */
  async secret(): Promise<Uint8Array> {
    // Durable: addresses that were given out must not end with a power cut.
    const [row] = await this.db.transaction(
      async (tx) => {
        await tx.query(`INSERT INTO media_secrets (secret) VALUES ($1) ON CONFLICT DO NOTHING`, [
          randomBytes(secretBytes),
        ])
        return tx.query<{ secret: Uint8Array }>(`SELECT secret FROM media_secrets`)
      },
      { durable: true },
    )
    if (row === undefined) throw new Error('no secret to sign addresses of media with')
    return row.secret
  }
}
