import type { Database } from '@reeltag/platform'
import { newId } from '@reeltag/platform'

/** What an embedding is of, and what made it: equal keys mean equal vectors. */
export interface EmbeddingKey {
  readonly workspaceId: string
  /** SHA-256 of the frame tensor, or of the joined text. */
  readonly inputHash: string
  readonly preprocessing: string
  /** Model `name/version`. */
  readonly encoder: string
}

/** Rows × dimensions as little-endian float16. */
export interface StoredEmbedding {
  readonly rows: number
  readonly dimensions: number
  readonly vectors: Buffer
}

/**
 * The embedding ledger: everything that was ever encoded, so that a new taxonomy, head or calibration re-tags an archive
 * without decoding a frame or running an encoder.
 */
export class EmbeddingLedger {
  constructor(private readonly db: Database) {}

  /** Runs the encoder only for what was never encoded. */
  async findOrEncode(
    key: EmbeddingKey,
    encode: () => Promise<StoredEmbedding>,
  ): Promise<{ readonly embeddingId: string; readonly encoded: boolean }> {
    const known = await this.find(key)
    if (known !== undefined) return { embeddingId: known, encoded: false }
    return { embeddingId: await this.keep(key, await encode()), encoded: true }
  }

  /** @returns the id of the embedding, if it was made before */
  async find({ workspaceId, inputHash, preprocessing, encoder }: EmbeddingKey): Promise<string | undefined> {
    const [row] = await this.db.query<{ id: string }>(
      `SELECT id FROM embeddings WHERE workspace_id = $1 AND input_hash = $2 AND preprocessing = $3 AND encoder = $4`,
      [workspaceId, inputHash, preprocessing, encoder],
    )
    return row?.id
  }

  /** Whoever comes second gets the id of whoever came first. */
  async keep(key: EmbeddingKey, { rows, dimensions, vectors }: StoredEmbedding): Promise<string> {
    const [row] = await this.db.query<{ id: string }>(
      `INSERT INTO embeddings (id, workspace_id, input_hash, preprocessing, encoder, rows, dimensions, vectors)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT (workspace_id, input_hash, preprocessing, encoder) DO UPDATE SET encoder = EXCLUDED.encoder
       RETURNING id`,
      [newId(), key.workspaceId, key.inputHash, key.preprocessing, key.encoder, rows, dimensions, vectors],
    )
    return row?.id ?? ''
  }

  async read(ids: readonly string[]): Promise<Map<string, StoredEmbedding>> {
    const rows = await this.db.query<StoredEmbedding & { id: string }>(
      `SELECT id, rows, dimensions, vectors FROM embeddings WHERE id = ANY($1::uuid[])`,
      [ids],
    )
    return new Map(rows.map((row) => [row.id, row]))
  }
}
