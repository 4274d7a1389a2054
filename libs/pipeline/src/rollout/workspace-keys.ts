import type { Database } from '@reeltag/platform'
import { createHmac, randomBytes } from 'node:crypto'

const secretBytes = 32

/**
 * The secrets by which numbers are drawn for contents: which are audited, and which candidates are shown. Nobody who submits
 * contents can tell them in advance, and the same text always gets the same number.
 */
export class WorkspaceKeys {
  private readonly secrets = new Map<string, Buffer>()

  constructor(private readonly db: Pick<Database, 'query' | 'transaction'>) {}

  /** HMAC-SHA-256 with the workspace's secret. @returns hexadecimal */
  async hash(workspaceId: string, text: string): Promise<string> {
    const secret = this.secrets.get(workspaceId) ?? (await this.read(workspaceId))
    this.secrets.set(workspaceId, secret)
    return createHmac('sha256', secret).update(text).digest('hex')
  }

  /** By which the candidates of a content are drawn: the same whoever decides it. */
  candidateHash(workspaceId: string, contentId: string): Promise<string> {
    return this.hash(workspaceId, `candidates ${contentId}`)
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
