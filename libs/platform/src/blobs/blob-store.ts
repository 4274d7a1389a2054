import type { Readable } from 'node:stream'

/** Bytes of a blob, both ends included, from 0. */
export interface ByteRange {
  readonly first: number
  readonly last: number
}

/** A file on this machine. */
export interface LocalFile {
  readonly path: string
  readonly bytes: number
}

/**
 * Where the bytes of blobs lie. A key says which bytes, so storing is idempotent, and an object is whole or not there.
 * Every method may throw BLOBS_UNAVAILABLE or STORAGE_FULL, which another try may mend.
 */
export interface BlobStore {
  /** Folder for uploads and for copies that need a path; made by whoever writes into it. */
  readonly spoolFolder: string
  /** Whether the same address may suddenly lead to another store, for example when a disk is unmounted. */
  readonly mayBeSwapped: boolean
  /** Rejects with the reason while it cannot be read and written. */
  check(): Promise<void>
  put(key: string, bytes: Uint8Array): Promise<void>
  /** Takes over a file from the spool folder. The file must not be used afterwards. */
  adopt(key: string, file: LocalFile): Promise<void>
  /** @throws BLOB_MISSING */
  read(key: string): Promise<Buffer>
  /**
   * Bytes of a blob as they are read. The stream ends early, with an error, if the store fails meanwhile; whoever asks
   * reads it to its end or destroys it.
   * @param range lies within the blob
   * @throws BLOB_MISSING
   */
  openRange(key: string, range: ByteRange): Promise<Readable>
  /** Gives a path that holds the bytes for as long as `work` takes. @throws BLOB_MISSING */
  withFile<T>(key: string, work: (path: string) => Promise<T>): Promise<T>
  /** What is not there counts as removed. */
  remove(keys: readonly string[]): Promise<void>
  /** Removes what uploads that were interrupted left in the store. @returns how many */
  sweepUploads(graceSeconds: number): Promise<number>
}
