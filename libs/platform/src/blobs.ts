import { ReeltagError } from '@reeltag/contracts'
import { createHash } from 'node:crypto'
import fs from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Database, Transaction } from './database.js'
import { newId } from './ids.js'

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

/**
 * Bytes addressed by their SHA-256, once per workspace: another workspace's upload can never be told from its absence.
 * A row is touched before its file is placed, and a sweep only takes rows untouched for a grace period, so deleting
 * and storing the same bytes at once cannot lose them.
 */
export class Blobs {
  private sweptTo: BlobKey | undefined

  constructor(
    private readonly folder: string,
    private readonly db: Database,
  ) {}

  /** Rejects with the reason while the store cannot be read and written. */
  async check(): Promise<void> {
    await fs.mkdir(this.folder, { recursive: true, mode: 0o700 })
    await fs.access(this.folder, fs.constants.R_OK | fs.constants.W_OK)
  }

  /** Stores bytes that are in memory. */
  async put(workspaceId: string, bytes: Uint8Array): Promise<{ sha256: string; bytes: number }> {
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    await this.touch(workspaceId, sha256, bytes.byteLength)
    const target = this.locate(workspaceId, sha256)
    if (!(await exists(target))) {
      const draft = await this.newUploadPath()
      await onDisk(() => fs.writeFile(draft, bytes, { flag: 'wx', flush: true }))
      await this.place(draft, target)
    }
    return { sha256, bytes: bytes.byteLength }
  }

  /** Takes over a file that was written to `newUploadPath()` and hashed on the way. */
  async adopt(workspaceId: string, file: { path: string; sha256: string; bytes: number }): Promise<void> {
    await this.touch(workspaceId, file.sha256, file.bytes)
    await this.place(file.path, this.locate(workspaceId, file.sha256))
  }

  /** A path in the store's own file system to write an upload to; whoever asks must adopt or remove it. */
  async newUploadPath(): Promise<string> {
    const folder = path.join(this.folder, 'uploads')
    await onDisk(() => fs.mkdir(folder, { recursive: true, mode: 0o700 }))
    return path.join(folder, `${newId()}.part`)
  }

  /** @throws BLOB_MISSING */
  async read(workspaceId: string, sha256: string): Promise<Buffer> {
    return fs.readFile(await this.pathOf(workspaceId, sha256))
  }

  /** A local file that holds the bytes. @throws BLOB_MISSING */
  async pathOf(workspaceId: string, sha256: string): Promise<string> {
    const file = this.locate(workspaceId, sha256)
    if (!(await exists(file)))
      throw new ReeltagError('BLOB_MISSING', `blob ${sha256} of workspace ${workspaceId} is not stored`)
    return file
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
   * Removes what nothing has referred to for the grace period. Looks at a part of the store at a time, and goes on from
   * there at the next call: looking at all of it would cost more the more there is.
   * @returns how many blobs went
   */
  async sweep({ graceSeconds }: { readonly graceSeconds: number }): Promise<number> {
    return this.db.transaction(
      async (tx) => {
        const candidates = await this.nextUnused(tx, graceSeconds)
        const unused = await tx.query<BlobKey>(
          `SELECT b.workspace_id, b.sha256
           FROM blobs b JOIN unnest($1::uuid[], $2::text[]) AS d(workspace_id, sha256) USING (workspace_id, sha256)
           WHERE b.touched_at < now() - $3 * interval '1 second' FOR UPDATE OF b SKIP LOCKED`,
          [candidates.map(({ workspace_id }) => workspace_id), candidates.map(({ sha256 }) => sha256), graceSeconds],
        )
        for (const { workspace_id, sha256 } of unused) {
          // The row goes first: if somebody stores the same bytes now, their touch waits for this transaction.
          await tx.query(`DELETE FROM blobs WHERE workspace_id = $1 AND sha256 = $2`, [workspace_id, sha256])
          await fs.rm(this.locate(workspace_id, sha256), { force: true })
        }
        return unused.length
      },
      { durable: true },
    )
  }

  private async nextUnused(tx: Transaction, graceSeconds: number): Promise<BlobKey[]> {
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
    // Nothing behind the last key: the next call begins again.
    this.sweptTo = rows.find(({ last }) => last)
    return rows.filter(({ last }) => !last)
  }

  /** Removes uploads that a crash left behind. */
  async sweepUploads({ graceSeconds }: { readonly graceSeconds: number }): Promise<number> {
    const folder = path.join(this.folder, 'uploads')
    const names = await fs.readdir(folder).catch(() => [])
    let removed = 0
    for (const name of names) {
      const file = path.join(folder, name)
      const stat = await fs.stat(file).catch(() => undefined)
      if (stat === undefined || Date.now() - stat.mtimeMs < graceSeconds * 1_000) continue
      await fs.rm(file, { force: true })
      removed++
    }
    return removed
  }

  private async touch(workspaceId: string, sha256: string, bytes: number): Promise<void> {
    await this.db.query(
      `INSERT INTO blobs (workspace_id, sha256, bytes) VALUES ($1, $2, $3)
       ON CONFLICT (workspace_id, sha256) DO UPDATE SET touched_at = now()`,
      [workspaceId, sha256, bytes],
    )
  }

  private async place(draft: string, target: string): Promise<void> {
    await onDisk(async () => {
      await fs.mkdir(path.dirname(target), { recursive: true, mode: 0o700 })
      await fs.rename(draft, target)
    })
  }

  private locate(workspaceId: string, sha256: string): string {
    return path.join(this.folder, workspaceId, sha256.slice(0, 2), sha256)
  }
}

/** Chooses the store by the scheme of its address. */
export const openBlobs = ({ url }: { readonly url: string }, db: Database): Blobs => {
  if (!url.startsWith('file:')) throw new ReeltagError('CONFIG_INVALID', `BLOB_URL: ${url} is not a file: address`)
  const folder = url.startsWith('file://') ? fileURLToPath(url) : path.resolve(url.slice('file:'.length))
  return new Blobs(folder, db)
}

const exists = (file: string): Promise<boolean> =>
  fs.access(file).then(
    () => true,
    () => false,
  )

/** A full disk is something the operator can mend, and is told so. */
const onDisk = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOSPC' || code === 'EDQUOT')
      throw new ReeltagError('STORAGE_FULL', 'the blob store is full', { cause: error })
    throw error
  }
}
