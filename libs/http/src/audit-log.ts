import { Injectable } from '@nestjs/common'
import { Database, newId, type Transaction } from '@reeltag/platform'
import type { Cursor } from './cursor.js'

/** Something that somebody did. */
export interface AuditFact {
  readonly workspaceId: string
  /** `user:<id>`, `key:<id>`, or `cli:<name>` for a command. */
  readonly actor: string
  /** What, as `<thing>.<done>`: `session.started`, `verdict.given`. */
  readonly action: string
  /** To what: `user:<id>`, `content:<id>`. */
  readonly subject: string
  readonly detail?: Readonly<Record<string, unknown>>
}

export interface AuditRow {
  readonly id: string
  readonly actor: string
  readonly action: string
  readonly subject: string
  readonly detail: Record<string, unknown>
  readonly created_at: Date
}

/** Which facts a reader wants; absent: all. */
export interface AuditFilter {
  readonly actor?: string | undefined
  readonly subject?: string | undefined
}

/** @param tx the transaction of what is written down, so that neither is there without the other */
export const writeAudit = async (tx: Pick<Transaction, 'query'>, fact: AuditFact): Promise<void> => {
  const { workspaceId, actor, action, subject, detail = {} } = fact
  await tx.query(
    `INSERT INTO audit_log (id, workspace_id, actor, action, subject, detail) VALUES ($1, $2, $3, $4, $5, $6::jsonb)`,
    [newId(), workspaceId, actor, action, subject, JSON.stringify(detail)],
  )
}

/** The only writer of `audit_log`, to which a trigger lets nobody do anything but add. */
@Injectable()
export class AuditLog {
  constructor(private readonly db: Database) {}

  /** As `writeAudit`. */
  write(tx: Pick<Transaction, 'query'>, fact: AuditFact): Promise<void> {
    return writeAudit(tx, fact)
  }

  /** Newest first, one row more than the limit. */
  list(
    workspaceId: string,
    { actor, subject }: AuditFilter,
    { limit, after }: { readonly limit: number; readonly after: Cursor | undefined },
  ): Promise<AuditRow[]> {
    return this.db.query<AuditRow>(
      `SELECT id, actor, action, subject, detail, created_at FROM audit_log
       WHERE workspace_id = $1 AND ($2::timestamptz IS NULL OR (created_at, id) < ($2::timestamptz, $3::uuid))
         AND ($5::text IS NULL OR actor = $5) AND ($6::text IS NULL OR subject = $6)
       ORDER BY created_at DESC, id DESC LIMIT $4`,
      [workspaceId, after?.createdAt ?? null, after?.id ?? null, limit + 1, actor ?? null, subject ?? null],
    )
  }
}
