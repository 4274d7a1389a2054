import { ContentState, storable } from '@reeltag/contracts'
import { z } from 'zod'

const instant = z.iso.datetime({ offset: true })

/** What a list of contents may be narrowed to, for the schema of its query. */
export const contentFilter = {
  state: ContentState.optional(),
  externalId: storable(200).optional(),
  node: storable(500)
    .regex(/^[^:/]+:[^:/]+(\/[^:/]+)*$/, 'a facet, a colon and a path: subject:animal/cat')
    .optional(),
  from: instant.optional(),
  to: instant.optional(),
  q: storable(200).min(1).optional(),
}

export interface ContentFilter {
  readonly state?: string | undefined
  readonly externalId?: string | undefined
  /** `facet:path`: published at this node or below it. */
  readonly node?: string | undefined
  /** Submitted at this moment or later. */
  readonly from?: string | undefined
  /** Submitted before this moment. */
  readonly to?: string | undefined
  /** Text in the title, whatever its case. */
  readonly q?: string | undefined
}

/** The column, or the expression, that each part of a filter is about, and how; `$` is its value. `q` is apart. */
const conditions: Readonly<Record<Exclude<keyof ContentFilter, 'q'>, string>> = {
  state: 'c.state = $',
  externalId: 'c.external_id = $',
  node: `EXISTS (SELECT 1 FROM predictions p WHERE p.content_id = c.id AND p.revision = c.revision
    AND published_nodes(p.tags) @> ARRAY[$::text])`,
  from: 'c.created_at >= $::timestamptz',
  to: 'c.created_at < $::timestamptz',
}

/** Only what is asked for stands in the statement, so that Postgres can plan for it. The workspace is `$1`. */
export const whereOf = (
  workspaceId: string,
  filter: ContentFilter,
  after: { readonly createdAt: string; readonly id: string } | undefined,
): { where: string; params: unknown[] } => {
  const params: unknown[] = [workspaceId]
  const parts = ['c.workspace_id = $1']
  for (const [name, condition] of Object.entries(conditions) as [keyof typeof conditions, string][]) {
    const value = filter[name]
    if (value === undefined) continue
    params.push(value)
    parts.push(condition.replace('$', `$${params.length}`))
  }
  if (after !== undefined) {
    params.push(after.createdAt, after.id)
    parts.push(`(c.created_at, c.id) < ($${params.length - 1}::timestamptz, $${params.length}::uuid)`)
  }
  return { where: parts.join(' AND '), params }
}
