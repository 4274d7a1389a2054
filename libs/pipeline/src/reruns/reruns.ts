import {
  codesWorthRetrying,
  ReeltagError,
  type Pipeline,
  type RerunSelection,
  type StartRerun,
} from '@reeltag/contracts'
import { newId, type Database } from '@reeltag/platform'
import { z } from 'zod'

export interface RerunRow {
  readonly id: string
  readonly selection: RerunSelection
  readonly stages: string[]
  readonly codes: string[]
  readonly pack: string
  readonly state: 'running' | 'done' | 'stopped' | 'superseded'
  readonly total: number
  readonly examined: number
  readonly restarted: number
  readonly postponed: number
  readonly created_at: Date
  readonly finished_at: Date | null
}

const columns = `id, selection, stages, codes, pack, state, total, examined, restarted,
  coalesce(cardinality(postponed), 0) AS postponed, created_at, finished_at`

/** Orders to tag many contents of a workspace again; the leading relay carries them out (Rerunner). */
export class Reruns {
  constructor(
    private readonly db: Database,
    private readonly pipeline: Pipeline,
  ) {}

  /** Begins one, with the pack that is in force now. Asking for one that is running already gives that one. */
  async start(workspaceId: string, { contents, queue, stage, codes }: StartRerun): Promise<RerunRow> {
    const stages = this.pipeline
      .filter((it) => (queue === undefined || it.job.queue === queue) && (stage === undefined || it.stage === stage))
      .map((it) => it.stage)
    const narrowed = queue !== undefined || stage !== undefined
    const [row] = await this.db.query<RerunRow>(
      `WITH begun AS (
         INSERT INTO reruns (id, workspace_id, selection, stages, codes, pack, state, postponed, total)
         SELECT $1, w.id, $3, $4::text[], $5::text[], w.pack, 'running', '{}',
           (SELECT count(*) FROM contents WHERE workspace_id = w.id)
         FROM workspaces w WHERE w.id = $2
         ON CONFLICT (workspace_id, selection, stages, codes, pack) WHERE state = 'running' DO UPDATE SET updated_at = now()
         RETURNING *), woken AS (SELECT pg_notify('relay', '') FROM begun)
       SELECT ${columns} FROM begun, woken`,
      [
        newId(),
        workspaceId,
        contents,
        narrowed ? stages : [],
        contents === 'failed' ? [...(codes ?? codesWorthRetrying)].sort() : [],
      ],
    )
    if (row === undefined) throw new ReeltagError('NOT_FOUND', 'there is no such workspace')
    return row
  }

  async find(workspaceId: string, id: string): Promise<RerunRow | undefined> {
    if (!isId(id)) return undefined
    const [row] = await this.db.query<RerunRow>(`SELECT ${columns} FROM reruns WHERE workspace_id = $1 AND id = $2`, [
      workspaceId,
      id,
    ])
    return row
  }

  /** Newest first, one row more than the limit. */
  list(
    workspaceId: string,
    limit: number,
    after: { readonly createdAt: string; readonly id: string } | undefined,
  ): Promise<RerunRow[]> {
    return this.db.query<RerunRow>(
      `SELECT ${columns} FROM reruns
       WHERE workspace_id = $1 AND ($2::timestamptz IS NULL OR (created_at, id) < ($2::timestamptz, $3::uuid))
       ORDER BY created_at DESC, id DESC LIMIT $4`,
      [workspaceId, after?.createdAt ?? null, after?.id ?? null, limit + 1],
    )
  }

  /** Contents that were sent on their way go on; no more are. @returns undefined where there is no such rerun */
  async stop(workspaceId: string, id: string): Promise<RerunRow | undefined> {
    if (!isId(id)) return undefined
    await this.db.query(
      `UPDATE reruns SET state = 'stopped', updated_at = now(), finished_at = now()
       WHERE workspace_id = $1 AND id = $2 AND state = 'running'`,
      [workspaceId, id],
    )
    return this.find(workspaceId, id)
  }
}

const isId = (text: string): boolean => z.uuid().safeParse(text).success
