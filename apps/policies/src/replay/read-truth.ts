import type { Database } from '@reeltag/platform'

/** By content and facet the paths that are said to be true; every source counts. */
export const readTruth = async (
  db: Database,
  contentIds: readonly string[],
): Promise<ReadonlyMap<string, Record<string, string[]>>> => {
  const truth = new Map<string, Record<string, string[]>>()
  const rows = await db.query<{ content_id: string; facet: string; path: string }>(
    `SELECT DISTINCT content_id, facet, path FROM labels WHERE content_id = ANY($1::uuid[]) AND superseded_at IS NULL`,
    [contentIds],
  )
  for (const { content_id, facet, path } of rows) {
    const own = truth.get(content_id) ?? {}
    truth.set(content_id, own)
    own[facet] = [...(own[facet] ?? []), ...(path === '' ? [] : [path])]
  }
  return truth
}
