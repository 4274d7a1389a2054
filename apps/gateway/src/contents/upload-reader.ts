import { Injectable } from '@nestjs/common'
import type { MultipartFile } from '@fastify/multipart'
import { ReeltagError } from '@reeltag/contracts'
import { Blobs } from '@reeltag/platform'
import type { FastifyRequest } from 'fastify'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import { finished, pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Upload {
  /** Bytes of the `content` part; undefined where there is none. */
  readonly content: Buffer | undefined
  /** The `file` part, on disk and hashed. Whoever reads an upload adopts this or discards it. */
  readonly file: UploadedFile | undefined
}

export interface UploadedFile {
  readonly path: string
  readonly sha256: string
  readonly bytes: number
}

export interface UploadLimits {
  readonly bytesMax: number
  readonly jsonBytesMax: number
  readonly concurrentMax: number
}

const drainMs = 3_000

/** Reads one multipart submission: JSON into memory up to its limit, the file to disk and through a hash on the way. */
@Injectable()
export class UploadReader {
  private active = 0

  constructor(
    private readonly blobs: Blobs,
    private readonly limits: UploadLimits,
  ) {}

  /** @throws MULTIPART_INVALID, BODY_TOO_LARGE, UPLOAD_TOO_LARGE, UPLOAD_INTERRUPTED, OVERLOADED, STORAGE_FULL */
  async read(request: FastifyRequest): Promise<Upload> {
    if (this.active >= this.limits.concurrentMax)
      throw new ReeltagError('OVERLOADED', `${this.active} uploads are under way`)
    this.active++
    const upload: { content?: Buffer; file?: UploadedFile } = {}
    try {
      for await (const part of request.parts(this.options())) {
        if (part.type === 'file') await this.take(part, upload, request)
      }
      return { content: upload.content, file: upload.file }
    } catch (error) {
      await this.discard(upload.file)
      await swallow(request)
      throw toUploadError(error, request)
    } finally {
      this.active--
    }
  }

  async discard(file: UploadedFile | undefined): Promise<void> {
    if (file !== undefined) await fs.promises.rm(file.path, { force: true })
  }

  private options() {
    // Every part is read as a stream of bytes, because decoded fields have already lost invalid UTF-8.
    const limits = { files: 3, fields: 0, parts: 3, headerPairs: 32, fileSize: Number.MAX_SAFE_INTEGER }
    return { limits, isPartAFile: () => true }
  }

  private async take(
    part: MultipartFile,
    upload: { content?: Buffer; file?: UploadedFile },
    request: FastifyRequest,
  ): Promise<void> {
    if (part.fieldname === 'content' && upload.content === undefined) upload.content = await this.readContent(part)
    else if (part.fieldname === 'file' && upload.file === undefined) upload.file = await this.writeFile(part, request)
    else throw new ReeltagError('MULTIPART_INVALID', `unexpected part ${nameOf(part)}`)
  }

  private async readContent(part: MultipartFile): Promise<Buffer> {
    const chunks: Buffer[] = []
    let bytes = 0
    for await (const chunk of part.file as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > this.limits.jsonBytesMax)
        throw new ReeltagError('BODY_TOO_LARGE', `content is larger than ${this.limits.jsonBytesMax} bytes`)
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  }

  private async writeFile(part: MultipartFile, request: FastifyRequest): Promise<UploadedFile> {
    const path = await this.blobs.newUploadPath()
    const { bytesMax } = this.limits
    const hash = createHash('sha256')
    let bytes = 0
    const count = async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      for await (const chunk of source) {
        hash.update(chunk)
        bytes += chunk.length
        if (bytes > bytesMax) throw new ReeltagError('UPLOAD_TOO_LARGE', `the file is larger than ${bytesMax} bytes`)
        yield chunk
      }
    }
    try {
      await pipeline(part.file, count, fs.createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }), {
        signal: goneSignal(request),
      })
      if (bytes === 0) throw new ReeltagError('MEDIA_EMPTY', 'the file has no bytes')
      return { path, sha256: hash.digest('hex'), bytes }
    } catch (error) {
      await fs.promises.rm(path, { force: true })
      throw error
    }
  }
}

/** For error messages. A part may have no name, although the type says otherwise. */
const nameOf = ({ fieldname }: { fieldname?: string }): string =>
  fieldname === undefined ? 'without a name' : JSON.stringify(fieldname.slice(0, 100))

/** Aborted when the client leaves before all of its request has arrived. */
const goneSignal = ({ raw }: FastifyRequest): AbortSignal => {
  const gone = new AbortController()
  raw.once('close', () => {
    if (!raw.complete) gone.abort()
  })
  return gone.signal
}

/** A client that is still sending does not read the answer, so its bytes are discarded for a moment first. */
const swallow = async ({ raw }: FastifyRequest): Promise<void> => {
  raw.unpipe()
  raw.resume()
  await Promise.race([finished(raw).catch(() => undefined), sleep(drainMs, undefined, { ref: false })])
}

const toUploadError = (error: unknown, { raw }: FastifyRequest): unknown => {
  if (error instanceof ReeltagError) return error
  const { code, name, message } = error as { code?: string; name?: string; message?: string }
  if (code === 'ENOSPC' || code === 'EDQUOT' || code?.startsWith('FST_') === true) return error
  if (name === 'AbortError' || !raw.complete)
    return new ReeltagError('UPLOAD_INTERRUPTED', 'the client left', { cause: error })
  return new ReeltagError('MULTIPART_INVALID', message ?? 'malformed', { cause: error })
}
