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
  prediction_id: string
  input_hash: string
  mask: string
  facets: string[]
  logits: string[]
  labels: SaidLabel[]
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
  const found: (LabelledContent & { readonly propensity: number | null })[] = []
  const leftOut: Record<string, number> = {}
  for (let after: string | undefined; ;) {
    const rows = await readBatch(db, workspaceId, pack, after)
    for (const row of rows) {
      const told = toLabelled(row, taxonomy)
      if (typeof told === 'string') leftOut[told] = (leftOut[told] ?? 0) + 1
      else found.push(told)
    }
    after = rows.at(-1)?.prediction_id
    if (rows.length < batchSize) break
  }
  // One by one: a million arguments of one call overflow the stack.
  const smallest = found.reduce((least, { propensity }) => Math.min(least, propensity ?? 1), 1)
  const contents = found.filter(
    ({ propensity, contentHash }) => unitOf(contentHash) < smallest / (propensity ?? smallest),
  )
  const thinned = found.length - contents.length
  return { contents, leftOut: thinned === 0 ? leftOut : { ...leftOut, thinned } }
}

const readBatch = (db: Database, workspaceId: string, pack: string, after: string | undefined): Promise<Row[]> =>
  db.query<Row>(
    `SELECT s.prediction_id, c.input_hash, s.mask, s.facets, ${logitsColumn}, l.labels
     FROM prediction_scores s JOIN contents c ON c.id = s.content_id AND c.revision = s.revision
       CROSS JOIN LATERAL (
         SELECT jsonb_agg(jsonb_build_object('facet', facet, 'path', path, 'taxonomy', taxonomy, 'source', source, 'propensity', propensity)
                  ORDER BY facet, source, path) AS labels
         FROM labels WHERE content_id = s.content_id AND superseded_at IS NULL) l
     WHERE s.workspace_id = $1 AND s.pack = $2 AND l.labels IS NOT NULL AND ($3::uuid IS NULL OR s.prediction_id > $3)
     ORDER BY s.prediction_id LIMIT $4`,
    [workspaceId, pack, after ?? null, batchSize],
  )

const toLabelled = (
  row: Row,
  taxonomy: string,
): (LabelledContent & { readonly propensity: number | null }) | string => {
  const said = ofTree(row.labels, taxonomy)
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
  return {
    contentHash: row.input_hash,
    mask: row.mask,
    truth,
    logits: fromStored(row.facets, row.logits),
    propensity,
  }
}

/** The same number in [0, 1) for the same content, of other digits than those that part the truth. */
const unitOf = (hash: string): number => Number.parseInt(hash.slice(8, 16), 16) / 2 ** 32
