import { Embedded, pipeline, ReeltagError, streamsOf, type Pipeline } from '@reeltag/contracts'
import type { StageTask } from '../stages/stage-task.js'
import type { EmbeddingLedger, StoredEmbedding } from './embedding-ledger.js'

/**
 * The embeddings that the stages before have made of a content, by the name of their stream. A stream is absent where its
 * stage did not apply to the content, or was skipped because the pack does not have it.
 * @throws BLOB_MISSING where the ledger no longer has one
 */
export const readStreams = async (
  { outputs, contentId }: Pick<StageTask, 'outputs' | 'contentId'>,
  ledger: Pick<EmbeddingLedger, 'read'>,
  table: Pipeline = pipeline,
): Promise<ReadonlyMap<string, StoredEmbedding>> => {
  const ids = streamsOf(table).flatMap(({ stage, stream }) => {
    const id = embeddingIdOf(outputs[stage])
    return id === undefined ? [] : [[stream.name, id] as const]
  })
  const stored = await ledger.read(ids.map(([, id]) => id))
  const missing = ids.filter(([, id]) => !stored.has(id))
  if (missing.length > 0)
    throw new ReeltagError(
      'BLOB_MISSING',
      `embeddings ${missing.map(([, id]) => id).join(', ')} of content ${contentId}`,
    )
  return new Map(
    ids.flatMap(([name, id]) => {
      const embedding = stored.get(id)
      return embedding === undefined ? [] : [[name, embedding] as const]
    }),
  )
}

const embeddingIdOf = (output: unknown): string | undefined => {
  if (output === undefined) return undefined
  const embedded = Embedded.parse(output)
  return 'skipped' in embedded ? undefined : embedded.embeddingId
}
