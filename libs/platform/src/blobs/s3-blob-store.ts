import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { ReeltagError } from '@reeltag/contracts'
import { Upload } from '@aws-sdk/lib-storage'
import fs from 'node:fs'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { S3Address } from './blob-address.js'
import type { BlobStore, ByteRange, LocalFile } from './blob-store.js'
import { toBlobError } from './s3-errors.js'
import { newSpoolPath, onDisk, sweepSpool } from './spool.js'

const MiB = 2 ** 20
const partBytesMin = 5 * MiB
const partsMax = 10_000
/** Parts of one upload under way at once; each is held in memory. */
const partsAtOnce = 2
const removalsAtOnce = 8
const connectMsMax = 3_000
const idleMsMax = 15_000

/**
 * A bucket. Credentials come from the SDK's own chain (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile, the role
 * of a pod or a machine).
 */
export class S3BlobStore implements BlobStore {
  readonly mayBeSwapped = false
  private readonly client: S3Client
  private readonly bucket: string
  private readonly prefix: string

  /** @param spoolFolder on this machine: a key is the hash of what is still to come, so an upload waits there for it */
  constructor(
    address: S3Address,
    readonly spoolFolder: string,
  ) {
    const { endpoint, region } = address
    this.bucket = address.bucket
    this.prefix = address.prefix
    this.client = new S3Client({
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(region === undefined ? {} : { region }),
      forcePathStyle: address.pathStyle,
      maxAttempts: 3,
      requestHandler: { connectionTimeout: connectMsMax, socketTimeout: idleMsMax },
    })
  }

  async check(): Promise<void> {
    try {
      await this.client.send(new HeadBucketCommand({ Bucket: this.bucket }))
    } catch (error) {
      const known = toBlobError(error, this.bucket)
      if (known.code !== 'BLOB_MISSING') throw known
      throw new ReeltagError('BLOBS_UNAVAILABLE', `there is no bucket ${this.bucket}`, { cause: error })
    }
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    await this.ask(() => this.client.send(new PutObjectCommand({ ...this.at(key), Body: bytes })))
  }

  async adopt(key: string, file: LocalFile): Promise<void> {
    if (await this.has(key, file.bytes)) return
    await this.ask(async () => {
      const upload = new Upload({
        client: this.client,
        params: { ...this.at(key), Body: fs.createReadStream(file.path) },
        partSize: Math.max(partBytesMin, Math.ceil(file.bytes / (partsMax - 1))),
        queueSize: partsAtOnce,
      })
      await upload.done()
    })
  }

  async read(key: string): Promise<Buffer> {
    return this.ask(async () => {
      const { Body: body } = await this.client.send(new GetObjectCommand(this.at(key)))
      return Buffer.from((await body?.transformToByteArray()) ?? [])
    })
  }

  async openRange(key: string, { first, last }: ByteRange): Promise<Readable> {
    return this.ask(async () => {
      const part = { ...this.at(key), Range: `bytes=${first}-${last}` }
      const { Body: body } = await this.client.send(new GetObjectCommand(part))
      return body as Readable
    })
  }

  /** Makes a copy in the spool folder. A decoder seeks, and a slow store must not look like a damaged video. */
  async withFile<T>(key: string, work: (path: string) => Promise<T>): Promise<T> {
    const copy = await newSpoolPath(this.spoolFolder)
    try {
      await this.ask(async () => {
        const { Body: body } = await this.client.send(new GetObjectCommand(this.at(key)))
        await onDisk(() => pipeline(body as Readable, fs.createWriteStream(copy, { flags: 'wx', mode: 0o600 })))
      })
      return await work(copy)
    } finally {
      await fs.promises.rm(copy, { force: true })
    }
  }

  async remove(keys: readonly string[]): Promise<void> {
    for (let from = 0; from < keys.length; from += removalsAtOnce) {
      const some = keys.slice(from, from + removalsAtOnce)
      await this.ask(() => Promise.all(some.map((key) => this.client.send(new DeleteObjectCommand(this.at(key))))))
    }
  }

  /** Parts of an interrupted upload cost money and appear in no listing of objects. */
  async sweepUploads(graceSeconds: number): Promise<number> {
    const spooled = await sweepSpool(this.spoolFolder, graceSeconds)
    return this.ask(async () => {
      const { Uploads: uploads = [] } = await this.client.send(
        new ListMultipartUploadsCommand({ Bucket: this.bucket, Prefix: this.prefix }),
      )
      const oldest = Date.now() - graceSeconds * 1_000
      const left = uploads.filter(({ Initiated: initiated }) => (initiated?.getTime() ?? 0) <= oldest)
      for (const { Key, UploadId } of left)
        await this.client.send(new AbortMultipartUploadCommand({ Bucket: this.bucket, Key, UploadId }))
      return spooled + left.length
    })
  }

  /** Whether all bytes are already stored, so that a large upload is not repeated. */
  private async has(key: string, bytes: number): Promise<boolean> {
    try {
      const { ContentLength: stored } = await this.ask(() => this.client.send(new HeadObjectCommand(this.at(key))))
      return stored === bytes
    } catch (error) {
      if (error instanceof ReeltagError && error.code === 'BLOB_MISSING') return false
      throw error
    }
  }

  private at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.bucket, Key: this.prefix + key }
  }

  private async ask<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw toBlobError(error, this.bucket)
    }
  }
}
