import { ReeltagError } from '@reeltag/contracts'
import fs from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'
import type { BlobStore, ByteRange, LocalFile } from './blob-store.js'
import { makeFolders } from '../make-folders.js'
import { newSpoolPath, onDisk, sweepSpool } from './spool.js'

/**
 * A folder. Files appear in it by renaming, so each one is complete. Stored files survive a power cut, also if Postgres
 * is on another disk: directory entries are flushed like the bytes.
 */
export class FolderBlobStore implements BlobStore {
  /** In the same file system, so that an upload becomes a blob without being copied. */
  readonly spoolFolder: string
  readonly mayBeSwapped = true
  /** Folders whose own entry is on disk; a bounded number a workspace. */
  private readonly kept = new Set<string>()

  constructor(private readonly folder: string) {
    this.spoolFolder = path.join(folder, 'uploads')
  }

  async check(): Promise<void> {
    try {
      await makeFolders(this.folder)
      await fs.access(this.folder, fs.constants.R_OK | fs.constants.W_OK)
    } catch (error) {
      throw new ReeltagError('BLOBS_UNAVAILABLE', (error as Error).message, { cause: error })
    }
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    if (await exists(this.locate(key))) return this.keep(path.dirname(this.locate(key)))
    const draft = await newSpoolPath(this.spoolFolder)
    await onDisk(() => fs.writeFile(draft, bytes, { flag: 'wx', flush: true }))
    await this.place(draft, key)
  }

  async adopt(key: string, file: LocalFile): Promise<void> {
    await this.place(file.path, key)
  }

  async read(key: string): Promise<Buffer> {
    return this.withFile(key, (file) => fs.readFile(file))
  }

  async openRange(key: string, { first, last }: ByteRange): Promise<Readable> {
    const handle = await fs.open(this.locate(key), 'r').catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOENT' ? this.missing(key) : error
    })
    return handle.createReadStream({ start: first, end: last })
  }

  async withFile<T>(key: string, work: (path: string) => Promise<T>): Promise<T> {
    const file = this.locate(key)
    if (!(await exists(file))) throw this.missing(key)
    return work(file)
  }

  async remove(keys: readonly string[]): Promise<void> {
    for (const key of keys) await fs.rm(this.locate(key), { force: true })
  }

  sweepUploads(graceSeconds: number): Promise<number> {
    return sweepSpool(this.spoolFolder, graceSeconds)
  }

  private async place(draft: string, key: string): Promise<void> {
    const target = this.locate(key)
    await onDisk(async () => {
      await fs.mkdir(path.dirname(target), { recursive: true, mode: 0o700 })
      await fs.rename(draft, target)
    })
    await this.keep(path.dirname(target))
  }

  /** Flushes a folder, and once also those above it: somebody may have made them just now. */
  private async keep(folder: string): Promise<void> {
    await onDisk(() => flushFolder(folder))
    if (this.kept.has(folder) || folder === this.folder) return
    await this.keep(path.dirname(folder))
    this.kept.add(folder)
  }

  private missing(key: string): ReeltagError {
    return new ReeltagError('BLOB_MISSING', `${key} is not in ${this.folder}`)
  }

  private locate(key: string): string {
    return path.join(this.folder, key)
  }
}

const flushFolder = async (folder: string): Promise<void> => {
  const handle = await fs.open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}

const exists = (file: string): Promise<boolean> =>
  fs.access(file).then(
    () => true,
    () => false,
  )
