import { ReeltagError } from '@reeltag/contracts'
import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { Database, Transaction } from '../database/database.js'
import { newId } from '../database/ids.js'
import type { BlobAddress } from './blob-address.js'
import type { BlobStore, ByteRange, LocalFile } from './blob-store.js'
import { FolderBlobStore } from './folder-blob-store.js'
import { newSpoolPath, sweepSpool } from './spool.js'

export type BlobRole = 'video' | 'frames' | 'filmstrip' | 'tokens'

/** Who needs a blob: a content, a frame set or an embedding. */
export interface BlobReference {
  readonly workspaceId: string
  readonly sha256: string
  readonly role: BlobRole
  readonly ownerId: string
}

interface BlobKey {
  readonly workspace_id: string
  readonly sha256: string
}

/** Before every key. */
const firstKey: BlobKey = { workspace_id: '00000000-0000-0000-0000-000000000000', sha256: '' }
/** Blobs that one sweep looks at. */
const sweepPageMax = 20_000
/** Next to the folders of the workspaces. Identifies this store; it must be copied together with the store. */
const markKey = 'store-id'
const spoolGraceSeconds = 3_600

/**
 * Bytes addressed by their SHA-256, once per workspace: another workspace's upload can never be told from its absence.
 * A row is touched before its bytes are stored, and a sweep only takes rows untouched for a grace period, so deleting
 * and storing the same bytes at once cannot lose them.
 */
export class Blobs {
  private sweptTo: BlobKey | undefined
  /** The id that was correct at the last comparison. */
  private ours: string | undefined

  constructor(
    private readonly store: BlobStore,
    private readonly db: Database,
  ) {}

  /**
   * Rejects with the reason while the store cannot be read and written, and while it is not the one in which the other
   * processes of this database keep their blobs: an address of its own, or a folder whose disk is not mounted. Contents
   * would fail for ever for bytes that are safe elsewhere.
   * @throws BLOBS_UNAVAILABLE, BLOBS_DIFFER
   */
  async check(): Promise<void> {
    await this.store.check()
    const known = (await this.knownMark()) ?? (await this.claim(await this.mark()))
    const mark = await this.mark()
    this.ours = mark === known ? mark : undefined
    if (this.ours !== undefined) return
    throw new ReeltagError(
      'BLOBS_DIFFER',
      `BLOBS_DIFFER: the database knows the store "${known ?? ''}", and this one ` +
        `${mark === undefined ? `has no ${markKey}` : `is "${mark}"`}; give every process the same BLOB_URL`,
    )
  }

  /** Files that are written while the disk is not mounted disappear when it is mounted. */
  private async assertOurs(): Promise<void> {
    if (this.ours === undefined || (this.store.mayBeSwapped && (await this.mark()) !== this.ours)) await this.check()
  }

  private async mark(): Promise<string | undefined> {
    try {
      return (await this.store.read(markKey)).toString().trim()
    } catch (error) {
      if (error instanceof ReeltagError && error.code === 'BLOB_MISSING') return undefined
      throw error
    }
  }

  private async knownMark(tx: Transaction = this.db): Promise<string | undefined> {
    const [row] = await tx.query<{ identity: string }>(`SELECT identity FROM shared_stores WHERE name = 'blobs'`)
    return row?.identity
  }

  /** The first process of a database says which store is its. Others wait for it, or find that it is another. */
  private claim(mark: string = newId()): Promise<string | undefined> {
    return this.db.transaction(
      async (tx) => {
        const first = await tx.query(
          `INSERT INTO shared_stores (name, identity) VALUES ('blobs', $1) ON CONFLICT DO NOTHING RETURNING 1`,
          [mark],
        )
        if (first.length > 0) await this.store.put(markKey, Buffer.from(mark))
        return this.knownMark(tx)
      },
      { durable: true },
    )
  }

  /** Stores bytes that are in memory. @throws BLOBS_UNAVAILABLE, BLOBS_DIFFER, STORAGE_FULL */
  async put(workspaceId: string, bytes: Uint8Array): Promise<{ sha256: string; bytes: number }> {
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    await this.assertOurs()
    await this.touch(workspaceId, sha256, bytes.byteLength)
    await this.store.put(keyOf(workspaceId, sha256), bytes)
    return { sha256, bytes: bytes.byteLength }
  }

  /**
   * Takes over a file that was written to `newUploadPath()` and hashed on the way.
   * @throws BLOBS_UNAVAILABLE, BLOBS_DIFFER, STORAGE_FULL
   */
  async adopt(workspaceId: string, file: LocalFile & { readonly sha256: string }): Promise<void> {
    await this.assertOurs()
    await this.touch(workspaceId, file.sha256, file.bytes)
    await this.store.adopt(keyOf(workspaceId, file.sha256), file)
  }

  /** A local path to write an upload to; whoever asks must adopt or remove it. @throws STORAGE_FULL */
  newUploadPath(): Promise<string> {
    return newSpoolPath(this.store.spoolFolder)
  }

  /** @throws BLOB_MISSING, BLOBS_UNAVAILABLE, BLOBS_DIFFER */
  read(workspaceId: string, sha256: string): Promise<Buffer> {
    return this.missedHere(this.store.read(keyOf(workspaceId, sha256)))
  }

  /** Bytes in a blob. @throws BLOB_MISSING where the workspace never stored it, or it was swept */
  async sizeOf(workspaceId: string, sha256: string): Promise<number> {
    const [row] = await this.db.query<{ bytes: string }>(
      `SELECT bytes FROM blobs WHERE workspace_id = $1 AND sha256 = $2`,
      [workspaceId, sha256],
    )
    if (row === undefined) throw new ReeltagError('BLOB_MISSING', `there is no blob ${sha256}`)
    return Number(row.bytes)
  }

  /**
   * Part of a blob as a stream, for whoever must not hold it in memory. Read it to its end or destroy it.
   * @param range lies within the blob
   * @throws BLOB_MISSING, BLOBS_UNAVAILABLE, BLOBS_DIFFER
   */
  openRange(workspaceId: string, sha256: string, range: ByteRange): Promise<Readable> {
    return this.missedHere(this.store.openRange(keyOf(workspaceId, sha256), range))
  }

  /**
   * Gives a local path that holds the bytes for as long as `work` takes.
   * @throws BLOB_MISSING, BLOBS_UNAVAILABLE, BLOBS_DIFFER
   */
  withFile<T>(workspaceId: string, sha256: string, work: (path: string) => Promise<T>): Promise<T> {
    return this.missedHere(this.store.withFile(keyOf(workspaceId, sha256), work))
  }

  /** A blob that is missing in the wrong store is not lost. This is an outage, so no content fails. */
  private async missedHere<T>(reading: Promise<T>): Promise<T> {
    try {
      return await reading
    } catch (error) {
      if (error instanceof ReeltagError && error.code === 'BLOB_MISSING') await this.check()
      throw error
    }
  }

  /** Keeps blobs alive for their owners, in the transaction that makes the owners real. */
  readonly refer = async (tx: Transaction, references: readonly BlobReference[]): Promise<void> => {
    await tx.query(
      `INSERT INTO blob_refs (workspace_id, sha256, role, owner_id)
       SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[]) ON CONFLICT DO NOTHING`,
      [
        references.map(({ workspaceId }) => workspaceId),
        references.map(({ sha256 }) => sha256),
        references.map(({ role }) => role),
        references.map(({ ownerId }) => ownerId),
      ],
    )
  }

  /**
   * Removes what nothing has referred to for the grace period. Each call looks at one part of the store and the next
   * call continues there, so that the cost does not grow with the store.
   * @returns how many blobs went
   */
  async sweep({ graceSeconds }: { readonly graceSeconds: number }): Promise<number> {
    const { removed, last } = await this.db.transaction(
      async (tx) => {
        const { candidates, last: end } = await this.nextUnused(tx, graceSeconds)
        const unused = await tx.query<BlobKey>(
          `SELECT b.workspace_id, b.sha256
           FROM blobs b JOIN unnest($1::uuid[], $2::text[]) AS d(workspace_id, sha256) USING (workspace_id, sha256)
           WHERE b.touched_at < now() - $3 * interval '1 second' FOR UPDATE OF b SKIP LOCKED`,
          [candidates.map(({ workspace_id }) => workspace_id), candidates.map(({ sha256 }) => sha256), graceSeconds],
        )
        // The rows go first: if somebody stores the same bytes now, their touch waits for this transaction.
        await tx.query(
          `DELETE FROM blobs WHERE (workspace_id, sha256) IN (SELECT * FROM unnest($1::uuid[], $2::text[]))`,
          [unused.map((row) => row.workspace_id), unused.map((row) => row.sha256)],
        )
        await this.store.remove(unused.map((row) => keyOf(row.workspace_id, row.sha256)))
        return { removed: unused.length, last: end }
      },
      { durable: true },
    )
    // Stored only now, so that blobs which an unavailable store could not remove are looked at again. After the last
    // key the sweep starts over.
    this.sweptTo = last
    return removed
  }

  private async nextUnused(
    tx: Transaction,
    graceSeconds: number,
  ): Promise<{ candidates: BlobKey[]; last: BlobKey | undefined }> {
    const { workspace_id, sha256 } = this.sweptTo ?? firstKey
    const rows = await tx.query<BlobKey & { last: boolean }>(
      `WITH page AS MATERIALIZED (
         SELECT workspace_id, sha256, touched_at FROM blobs WHERE (workspace_id, sha256) > ($1, $2)
         ORDER BY workspace_id, sha256 LIMIT ${sweepPageMax}),
       unused AS (
         SELECT p.workspace_id, p.sha256 FROM page p
           LEFT JOIN LATERAL (SELECT 1 AS used FROM blob_refs r
             WHERE r.workspace_id = p.workspace_id AND r.sha256 = p.sha256 LIMIT 1) AS refs ON true
         WHERE refs.used IS NULL AND p.touched_at < now() - $3 * interval '1 second')
       SELECT workspace_id, sha256, false AS last FROM unused UNION ALL
       (SELECT workspace_id, sha256, true FROM page ORDER BY workspace_id DESC, sha256 DESC LIMIT 1)`,
      [workspace_id, sha256, graceSeconds],
    )
    return { candidates: rows.filter((row) => !row.last), last: rows.find((row) => row.last) }
  }

  /** Removes uploads that a crash left behind. @returns how many */
  sweepUploads({ graceSeconds }: { readonly graceSeconds: number }): Promise<number> {
    return this.store.sweepUploads(graceSeconds)
  }

  private async touch(workspaceId: string, sha256: string, bytes: number): Promise<void> {
    await this.db.query(
      `INSERT INTO blobs (workspace_id, sha256, bytes) VALUES ($1, $2, $3)
       ON CONFLICT (workspace_id, sha256) DO UPDATE SET touched_at = now()`,
      [workspaceId, sha256, bytes],
    )
  }
}

const keyOf = (workspaceId: string, sha256: string): string => `${workspaceId}/${sha256.slice(0, 2)}/${sha256}`

/** The store that the address names. The SDK of S3 is loaded only for it: it takes longer than everything else here. */
export const openBlobs = async (
  { address, spoolFolder }: { readonly address: BlobAddress; readonly spoolFolder: string },
  db: Database,
): Promise<Blobs> => {
  if (address.kind === 'folder') return new Blobs(new FolderBlobStore(address.folder), db)
  const { S3BlobStore } = await import('./s3-blob-store.js')
  // The housekeeper runs in one process only; what a crash left on this machine is for this one.
  await sweepSpool(spoolFolder, spoolGraceSeconds)
  return new Blobs(new S3BlobStore(address, spoolFolder), db)
}
