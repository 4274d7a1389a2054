import { Injectable } from '@nestjs/common'
import { Database } from '@reeltag/platform'
import { createHmac, randomBytes } from 'node:crypto'

const secretBytes = 32

/** The secrets by which audits are chosen. Nobody who submits contents can tell which of them will be looked at. */
@Injectable()
export class AuditKeys {
  private readonly secrets = new Map<string, Buffer>()

  constructor(private readonly db: Database) {}

  /** HMAC-SHA-256 with the workspace's secret. @returns hexadecimal */
  async hash(workspaceId: string, text: string): Promise<string> {
    const secret = this.secrets.get(workspaceId) ?? (await this.read(workspaceId))
    this.secrets.set(workspaceId, secret)
    return createHmac('sha256', secret).update(text).digest('hex')
  }

  /** Made by whoever needs it first. */
  private async read(workspaceId: string): Promise<Buffer> {
    const select = `SELECT secret FROM audit_keys WHERE workspace_id = $1`
    const [known] = await this.db.query<{ secret: Buffer }>(select, [workspaceId])
    if (known !== undefined) return known.secret
    // On the disk before anything is chosen by it, so that a power cut cannot change the choice.
    await this.db.transaction(
      (tx) =>
        tx.query(`INSERT INTO audit_keys (workspace_id, secret) VALUES ($1, $2) ON CONFLICT DO NOTHING`, [
          workspaceId,
          randomBytes(secretBytes),
        ]),
      { durable: true },
    )
    const [made] = await this.db.query<{ secret: Buffer }>(select, [workspaceId])
    if (made === undefined) throw new Error('an audit key is gone')
    return made.secret
  }
}
