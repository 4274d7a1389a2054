import { PolicyDocument } from '@reeltag/contracts'
import type { Database } from '@reeltag/platform'

export interface ActivePolicy {
  /** `name/number`, what results are labelled with. */
  readonly ref: string
  readonly document: PolicyDocument
}

interface Known {
  readonly policy: Promise<ActivePolicy | undefined>
  readonly readAt: number
}

/** An activation counts everywhere after this time at the latest. */
export const policyKnownForMs = 1_000

/** The policy in force in each workspace, for what decides many contents a second. */
export class ActivePolicies {
  private readonly known = new Map<string, Known>()
  /** Documents do not change, so each is parsed once: what is prepared for a policy can be kept by it. */
  private readonly parsed = new Map<string, ActivePolicy>()

  constructor(private readonly db: Database) {}

  /** @returns undefined where the pack decides by itself */
  of(workspaceId: string): Promise<ActivePolicy | undefined> {
    const known = this.known.get(workspaceId)
    if (known !== undefined && performance.now() - known.readAt < policyKnownForMs) return known.policy
    const policy = this.read(workspaceId)
    this.known.set(workspaceId, { policy, readAt: performance.now() })
    policy.catch(() => this.known.delete(workspaceId))
    return policy
  }

  private async read(workspaceId: string): Promise<ActivePolicy | undefined> {
    const [active] = await this.db.query<{ id: string; ref: string }>(
      `SELECT id, name || '/' || number AS ref FROM policies WHERE workspace_id = $1 AND state = 'active'`,
      [workspaceId],
    )
    if (active === undefined) return undefined
    const parsed = this.parsed.get(active.id)
    if (parsed !== undefined) return parsed
    const [row] = await this.db.query<{ document: unknown }>(`SELECT document FROM policies WHERE id = $1`, [active.id])
    const policy = { ref: active.ref, document: PolicyDocument.parse(row?.document) }
    this.parsed.set(active.id, policy)
    return policy
  }
}
