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
  async insert(tx: Transaction, prediction: NewPrediction): Promise<void> {
    await tx.query(
      `INSERT INTO predictions (id, content_id, workspace_id, revision, decision, modalities, tags, versions, input_hash, attempt)
       VALUES ($1, $2, $3, $4, $5, $6::text[], $7::jsonb, $8::jsonb, $9, $10)`,
      [
        prediction.id,
        prediction.contentId,
        prediction.workspaceId,
        prediction.revision,
        prediction.decision,
        prediction.modalities,
        JSON.stringify(prediction.tags),
        JSON.stringify(prediction.versions),
        prediction.inputHash,
        prediction.attempt,
      ],
    )
  }
}
