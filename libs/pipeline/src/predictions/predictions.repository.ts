import type { CandidateSet, Mask, Origin, Prediction, RuleHit, Tag } from '@reeltag/contracts'
import type { Transaction } from '@reeltag/platform'
import type { KeptScores } from '../scores/kept-scores.js'

export type NewPrediction = Readonly<Omit<Prediction, 'createdAt' | 'tags' | 'modalities'>> & {
  readonly tags: readonly Prediction['tags'][number][]
  readonly modalities: readonly Prediction['modalities'][number][]
  readonly contentId: string
  readonly workspaceId: string
  readonly inputHash: string
  /** Of the stage that made it: with the content the key that keeps it from being stored twice. null: decided from stored scores. */
  readonly attempt: number | null
  readonly scores: KeptScores
  readonly mask: Mask
  readonly because?: readonly RuleHit[]
  readonly candidates?: CandidateSet
}

/** A result that takes the place of another one of its content, with everything of it that is not said here. */
export interface NextPrediction {
  readonly id: string
  /** The result that it is made from. */
  readonly from: string
  readonly revision: number
  /** undefined: as before, with the decision, the rules and the candidates. */
  readonly tags?: readonly Tag[]
  /** undefined: as before. */
  readonly origin?: Origin
}

/** The only writer of `predictions` and `prediction_scores`. */
export class PredictionsRepository {
  /** One statement for both tables: each more would be one more round trip of the busiest transaction. */
  readonly insert = async (tx: Transaction, predictions: readonly NewPrediction[]): Promise<void> => {
    await tx.query(
      `WITH d AS MATERIALIZED (
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::text[], $6::text[], $7::text[], $8::text[],
                              $9::text[], $10::int[], $11::text[], $12::text[], $13::text[],
                              $14::text[], $15::text[])
           AS d(id, content_id, workspace_id, revision, decision, modalities, tags, versions, input_hash, attempt, mask,
                facets, logits, because, candidates)),
       scored AS (
         INSERT INTO prediction_scores (prediction_id, content_id, workspace_id, revision, pack, head, mask, facets, logits)
         SELECT id, content_id, workspace_id, revision, versions::jsonb->>'pack', versions::jsonb->>'fusion', mask,
           string_to_array(facets, ','), logits::bytea[]
         FROM d)
       INSERT INTO predictions (id, content_id, workspace_id, revision, decision, modalities, tags, versions, input_hash, attempt,
         because, candidates)
       SELECT id, content_id, workspace_id, revision, decision, string_to_array(modalities, ','), tags::jsonb, versions::jsonb,
         input_hash, attempt, because::jsonb, candidates::jsonb
       FROM d`,
      [
        predictions.map(({ id }) => id),
        predictions.map(({ contentId }) => contentId),
        predictions.map(({ workspaceId }) => workspaceId),
        predictions.map(({ revision }) => revision),
        predictions.map(({ decision }) => decision),
        predictions.map(({ modalities }) => modalities.join(',')),
        predictions.map(({ tags }) => JSON.stringify(tags)),
        predictions.map(({ versions }) => JSON.stringify(versions)),
        predictions.map(({ inputHash }) => inputHash),
        predictions.map(({ attempt }) => attempt),
        predictions.map(({ mask }) => mask),
        predictions.map(({ scores }) => scores.facets.join(',')),
        predictions.map(({ scores }) => byteaArray(scores.logits)),
        predictions.map(({ because }) => (because === undefined ? null : JSON.stringify(because))),
        predictions.map(({ candidates }) => (candidates === undefined ? null : JSON.stringify(candidates))),
      ],
    )
  }

  /**
   * A person's result, or one that is brought back. It keeps the versions and the scores: contents that somebody looked at
   * are what calibrations are fitted on.
   */
  async insertNext(tx: Transaction, { id, from, revision, tags, origin }: NextPrediction): Promise<void> {
    await tx.query(
      `INSERT INTO predictions (id, content_id, workspace_id, revision, decision, modalities, tags, versions, input_hash,
         because, candidates, origin)
       SELECT $1, content_id, workspace_id, $3, CASE WHEN $4::jsonb IS NULL THEN decision ELSE 'published' END, modalities,
         coalesce($4::jsonb, tags), versions, input_hash, CASE WHEN $4::jsonb IS NULL THEN because END,
         CASE WHEN $4::jsonb IS NULL THEN candidates END, coalesce($5::jsonb, origin)
       FROM predictions WHERE id = $2`,
      [id, from, revision, tags && JSON.stringify(tags), origin && JSON.stringify(origin)],
    )
    await tx.query(
      `INSERT INTO prediction_scores (prediction_id, content_id, workspace_id, revision, pack, head, mask, facets, logits)
       SELECT $1, content_id, workspace_id, $3, pack, head, mask, facets, logits FROM prediction_scores WHERE prediction_id = $2`,
      [id, from, revision],
    )
  }
}

/** As Postgres writes a bytea[] of one row. `unnest` would flatten arrays of arrays. */
const byteaArray = (values: readonly Buffer[]): string =>
  `{${values.map((bytes) => `"\\\\x${bytes.toString('hex')}"`).join(',')}}`
