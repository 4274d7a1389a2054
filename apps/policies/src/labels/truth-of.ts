import type { LabelSource } from '@reeltag/contracts'
import { groupBy } from '@reeltag/decisions'
import type { Database } from '@reeltag/platform'

/** What a label that counts says. */
export interface SaidLabel {
  readonly facet: string
  /** Empty: none of the facet's nodes. */
  readonly path: string
  readonly taxonomy: string
  readonly source: LabelSource
  readonly propensity: number | null
}

/** Whose word counts where several have spoken of a facet. */
const precedence: readonly LabelSource[] = ['gold', 'audit', 'review', 'import']

/** Those that were said of one version of the tree: a path of another may mean something else, or nothing. */
export const ofTree = (labels: readonly SaidLabel[], taxonomy: string): readonly SaidLabel[] =>
  labels.filter((label) => label.taxonomy === taxonomy)

/** By facet the paths that are true, from the labels of one content: those of the strongest source that has spoken. */
export const truthOf = (labels: readonly SaidLabel[]): Record<string, string[]> =>
  Object.fromEntries(
    [...groupBy(labels, ({ facet }) => facet)].map(([facet, said]) => {
      const strongest = precedence.find((source) => said.some((label) => label.source === source))
      return [facet, said.flatMap(({ source, path }) => (source === strongest && path !== '' ? [path] : []))]
    }),
  )

/** The labels that count, by content. Contents without any are not among them. */
export const readLabels = async (
  db: Pick<Database, 'query'>,
  contentIds: readonly string[],
): Promise<ReadonlyMap<string, readonly SaidLabel[]>> => {
  const rows = await db.query<SaidLabel & { content_id: string }>(
    `SELECT content_id, facet, path, taxonomy, source, propensity FROM labels
     WHERE content_id = ANY($1::uuid[]) AND superseded_at IS NULL ORDER BY content_id, facet, source, path`,
    [contentIds],
  )
  return groupBy(rows, ({ content_id }) => content_id)
}
