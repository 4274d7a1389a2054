import { Inject, Injectable } from '@nestjs/common'
import { ReeltagError, ReviewTaskView, type Tag, type Versions } from '@reeltag/contracts'
import { Database } from '@reeltag/platform'
import { itemFields, itemColumns, type ItemRow } from '../items/items.repository.js'
import { suggestionOf } from './suggestion.js'
import { TREES, type Trees } from './trees.js'

interface TaskRow extends ItemRow {
  readonly tags: Tag[]
  readonly submission: {
    readonly title?: string
    readonly description?: string
    readonly ocrText?: string
    readonly asrText?: string
    readonly language?: string
    readonly author?: { readonly authorId: string; readonly displayName?: string }
  }
  readonly sampled: { readonly timesMs?: readonly number[]; readonly durationMs?: number } | null
  readonly priority: number
  readonly queue: string
  readonly due_at: Date | null
  readonly holder: string | null
  readonly lease_until: Date | null
  readonly draft: unknown
  readonly notes: { readonly who: string; readonly at: string; readonly text: string }[]
  readonly versions: Versions | null
  readonly policy: { readonly targets?: unknown } | null
}

/** Review items with all that a reviewer needs to decide them. */
@Injectable()
export class TasksRepository {
  constructor(
    private readonly db: Database,
    @Inject(TREES) private readonly trees: Trees,
  ) {}

  /** @throws NOT_FOUND, also for an item of another workspace */
  async get(workspaceId: string, id: string, actor: string): Promise<ReviewTaskView> {
    const [task] = await this.find(workspaceId, [id], actor)
    if (task === undefined) throw new ReeltagError('NOT_FOUND', 'the workspace has no such review item')
    return task
  }

  /** Those that are there, in the order of the ids. @param actor whose drafts are shown */
  async find(workspaceId: string, ids: readonly string[], actor: string): Promise<ReviewTaskView[]> {
    if (ids.length === 0) return []
    const rows = await this.db.query<TaskRow>(
      `SELECT ${itemColumns}, c.submission, r.priority, r.queue, p.versions,
         CASE WHEN r.lease_until > now() THEN r.holder END AS holder, r.lease_until,
         r.created_at + a.sla_minutes * interval '1 minute' AS due_at,
         (SELECT s.output FROM stages s WHERE s.content_id = c.id AND s.stage = 'sample-frames') AS sampled,
         (SELECT d.draft FROM review_drafts d WHERE d.item_id = r.id AND d.who = $3) AS draft,
         (SELECT coalesce(jsonb_agg(to_jsonb(n) ORDER BY n.at, n.id), '[]')
          FROM (SELECT id, who, at, text FROM review_notes WHERE item_id = r.id) n) AS notes,
         (SELECT jsonb_build_object('targets', o.document->'targets') FROM policies o
          WHERE o.workspace_id = r.workspace_id AND o.name || '/' || o.number = p.versions->>'policy') AS policy
       FROM unnest($2::uuid[]) WITH ORDINALITY AS w(id, place)
         JOIN review_items r ON r.id = w.id AND r.workspace_id = $1
         JOIN contents c ON c.id = r.content_id
         LEFT JOIN predictions p ON p.id = r.prediction_id
         LEFT JOIN review_capacities a ON a.workspace_id = r.workspace_id
       ORDER BY w.place`,
      [workspaceId, ids, actor],
    )
    return Promise.all(rows.map((row) => this.toView(row)))
  }

  private async toView(row: TaskRow): Promise<ReviewTaskView> {
    const { submission, sampled, holder, lease_until: leaseUntil, versions, policy } = row
    const known = versions ?? unknownVersions
    const { author } = submission
    return ReviewTaskView.parse({
      ...itemFields(row),
      text: {
        title: submission.title ?? null,
        description: submission.description ?? null,
        ocr: submission.ocrText ?? null,
        asr: submission.asrText ?? null,
        author: author === undefined ? null : { id: author.authorId, name: author.displayName ?? null },
      },
      language: submission.language ?? 'zh',
      frames: (sampled?.timesMs ?? []).map((timeMs) => ({ timeMs })),
      durationMs: sampled?.durationMs ?? null,
      priority: row.priority === 0 ? 'interactive' : 'backfill',
      queue: row.queue,
      dueAt: row.due_at?.toISOString() ?? null,
      holder: holder === null || leaseUntil === null ? null : { actor: holder, leaseUntil: leaseUntil.toISOString() },
      suggestion: suggestionOf(row.tags, await this.trees.read(known.taxonomy)),
      draft: row.draft,
      notes: row.notes.map((note) => ({ ...note, at: new Date(note.at).toISOString() })),
      policy: known.policy === undefined ? null : { ref: known.policy, targets: policy?.targets ?? [] },
      taxonomy: known.taxonomy,
      versions: known,
    })
  }
}

/** Of an item whose result is not stored: only tests and a half-restored database have one. */
const unknownVersions: Versions = { pack: '', vision: '', text: '', fusion: '', taxonomy: '', sampling: '' }
