import { Injectable } from '@nestjs/common'
import type { Prediction } from '@reeltag/contracts'
import type { Transaction } from '@reeltag/platform'

export type NewPrediction = Readonly<Omit<Prediction, 'createdAt' | 'tags' | 'modalities'>> & {
  readonly tags: readonly Prediction['tags'][number][]
  readonly modalities: readonly Prediction['modalities'][number][]
  readonly contentId: string
  readonly workspaceId: string
  readonly inputHash: string
  /** Of the stage that made it: with the content the key that keeps it from being stored twice. */
  readonly attempt: number
}

/** The only writer of `predictions`. */
@Injectable()
export class PredictionsRepository {
  readonly insert = async (tx: Transaction, predictions: readonly NewPrediction[]): Promise<void> => {
    await tx.query(
      `INSERT INTO predictions (id, content_id, workspace_id, revision, decision, modalities, tags, versions, input_hash, attempt)
       SELECT id, content_id, workspace_id, revision, decision, string_to_array(modalities, ','), tags::jsonb, versions::jsonb,
         input_hash, attempt
       FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
                   $10::int[])
         AS d(id, content_id, workspace_id, revision, decision, modalities, tags, versions, input_hash, attempt)`,
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
      ],
    )
  }
}
