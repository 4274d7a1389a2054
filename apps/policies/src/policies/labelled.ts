import { propensityMin } from '@reeltag/contracts'
import type { LabelledContent } from '@reeltag/decisions'
import { fromStored, logitsColumn } from '@reeltag/pipeline'
import type { Database } from '@reeltag/platform'
import { ofTree, truthOf, type SaidLabel } from '../labels/truth-of.js'

/** Contents with scores and a truth, and why others were left out. */
export interface Labelled {
  readonly contents: readonly LabelledContent[]
  readonly leftOut: Readonly<Record<string, number>>
}

interface Row {
  content_id: string
  input_hash: string
  labels: SaidLabel[]
  /** Null where no scores of the pack are kept. */
  mask: string | null
  facets: string[] | null
  logits: string[] | null
}

const batchSize = 5_000

/**
 * The truth of a workspace beside the scores of its visible results, for one pack.
 *
 * Thresholds are proven for contents as they come, so the truth must be a uniform sample of them. A review without a known
 * propensity was chosen because it was uncertain: it is left out. Where propensities are known, rows are thinned to the
 * smallest one (rejection sampling by the content's hash), which makes the sample uniform again.
 */
export const readLabelled = async (
  db: Database,
  workspaceId: string,
  { pack, taxonomy }: { readonly pack: string; readonly taxonomy: string },
): Promise<Labelled> => {
  const found: (LabelledContent & Chosen)[] = []
  const leftOut: Record<string, number> = {}
  for (let after: string | undefined; ;) {
    const rows = await readBatch(db, workspaceId, pack, after)
    for (const row of rows) {
      const told = toLabelled(row, taxonomy)
      if (told === undefined) continue
      if (typeof told === 'string') leftOut[told] = (leftOut[told] ?? 0) + 1
      else found.push(told)
    }
    after = rows.at(-1)?.content_id
    if (rows.length < batchSize) break
  }
  const contents = thinned(found)
  const removed = found.length - contents.length
  return { contents, leftOut: removed === 0 ? leftOut : { ...leftOut, thinned: removed } }
}

interface Chosen {
  readonly contentHash: string
  /** Probability with which it was chosen to be looked at; null: unknown, and not by what it is. */
  readonly propensity: number | null
}

/** What is left where each content stays with the smallest propensity over its own: then all were chosen alike. */
export const thinned = <R extends Chosen>(rows: readonly R[]): R[] => {
  // One by one: a million arguments of one call overflow the stack.
  const smallest = rows.reduce((least, { propensity }) => Math.min(least, propensity ?? 1), 1)
  return rows.filter(({ propensity, contentHash }) => unitOf(contentHash) < smallest / (propensity ?? smallest))
}

/**
 * From the labels, which are few, to the scores, which are many. A content without scores of the pack is a row without
 * logits, so that the next batch knows where to begin.
 */
const readBatch = (db: Database, workspaceId: string, pack: string, after: string | undefined): Promise<Row[]> =>
  db.query<Row>(
    `SELECT l.content_id, c.input_hash, s.mask, s.facets, ${logitsColumn}, l.labels
     FROM (SELECT content_id, jsonb_agg(jsonb_build_object('facet', facet, 'path', path, 'taxonomy', taxonomy, 'source', source,
             'propensity', propensity) ORDER BY facet, source, path) AS labels
           FROM labels WHERE workspace_id = $1 AND superseded_at IS NULL AND content_id > $3
           GROUP BY content_id ORDER BY content_id LIMIT $4) l
       JOIN contents c ON c.id = l.content_id
       LEFT JOIN predictions p ON p.content_id = c.id AND p.revision = c.revision
       LEFT JOIN prediction_scores s ON s.prediction_id = p.id AND s.pack = $2
     ORDER BY l.content_id`,
    [workspaceId, pack, after ?? '00000000-0000-0000-0000-000000000000', batchSize],
  )

/** @returns why a content is left out; undefined where its visible result has no scores of the pack */
const toLabelled = (
  { input_hash: contentHash, labels, mask, facets, logits }: Row,
  taxonomy: string,
): (LabelledContent & Chosen) | string | undefined => {
  if (mask === null || facets === null || logits === null) return undefined
  const said = ofTree(labels, taxonomy)
  if (said.length === 0) return 'labelled in another version of the tree'
  const usable = said.filter(({ source, propensity }) => source !== 'review' || propensity !== null)
  if (usable.length === 0) return 'reviewed because it was uncertain'
  const known = usable.flatMap(({ propensity }) => propensity ?? [])
  const propensity = known.length === 0 ? null : Math.max(...known)
  // Stored before such labels were refused: all others would be thinned to it.
  if (propensity !== null && propensity < propensityMin) return `looked at with a propensity below ${propensityMin}`
  const truth = Object.fromEntries(
    Object.entries(truthOf(usable)).map(([facet, paths]) => [facet, paths.map((path) => path.split('/').at(-1) ?? '')]),
  )
  return { contentHash, mask, truth, logits: fromStored(facets, logits), propensity }
}

/** The same number in [0, 1) for the same content, of other digits than those that part the truth. */
const unitOf = (hash: string): number => Number.parseInt(hash.slice(8, 16), 16) / 2 ** 32
