import { Injectable } from '@nestjs/common'
import { ReeltagError, type ContentMedia } from '@reeltag/contracts'
import { Blobs, type ByteRange } from '@reeltag/platform'
import type { Readable } from 'node:stream'
import { containerBytes, containerOf, isPlayable, type Container } from './container.js'
import { framePicture } from './frame-picture.js'
import type { MediaAddress, MediaKind } from './media-token.js'
import { MediaUrls } from './media-urls.js'
import { MediaRepository, type MediaRow } from './media.repository.js'

/** A file for a browser: a blob, or bytes that were made of one. */
export interface MediaFile {
  readonly mime: string
  readonly etag: string
  /** Bytes. */
  readonly size: number
  /** @throws NOT_FOUND where the bytes have gone meanwhile */
  open(range: ByteRange): Promise<Readable | Buffer>
}

const containersKept = 1_000

@Injectable()
export class MediaService {
  /** By blob; a blob never changes. */
  private readonly containers = new Map<string, Container>()

  constructor(
    private readonly media: MediaRepository,
    private readonly urls: MediaUrls,
    private readonly blobs: Blobs,
  ) {}

  /** @throws NOT_FOUND */
  async view(workspaceId: string, contentId: string): Promise<ContentMedia> {
    const row = await this.find(workspaceId, contentId)
    const expires = this.urls.expiry()
    const url = (kind: MediaKind, index = 0) => this.urls.urlOf({ workspaceId, contentId, kind, index, expires })
    const container = row.video_sha256 === null ? null : await this.container(workspaceId, row.video_sha256)
    return {
      video:
        container === null
          ? null
          : { url: await url('original'), mime: container.mime, playable: isPlayable(container, row.sampled?.codec) },
      rendition: { state: 'none', url: null, errorCode: null },
      frames: await Promise.all(
        (row.sampled?.timesMs ?? []).map(async (timeMs, index) => ({ timeMs, url: await url('frame', index) })),
      ),
      filmstripUrl: row.sampled?.filmstripSha256 === undefined ? null : await url('filmstrip'),
      expiresAt: new Date(expires * 1_000).toISOString(),
    }
  }

  /** What a token leads to. @throws NOT_FOUND, also where the content or its bytes have gone meanwhile */
  async file(address: MediaAddress): Promise<MediaFile> {
    const { workspaceId, contentId } = address
    const row = await this.find(workspaceId, contentId)
    const file = await present(contentId, () => this.fileOf(address, row))
    return { ...file, open: (range) => present(contentId, () => file.open(range)) }
  }

  private async fileOf({ workspaceId, contentId, kind, index }: MediaAddress, row: MediaRow): Promise<MediaFile> {
    const strip = row.sampled?.filmstripSha256
    if (kind === 'original' && row.video_sha256 !== null) {
      const { mime } = await this.container(workspaceId, row.video_sha256)
      return this.blob(workspaceId, row.video_sha256, mime)
    }
    if (kind === 'filmstrip' && strip !== undefined) return this.blob(workspaceId, strip, 'image/webp')
    if (kind === 'frame' && strip !== undefined) {
      const bytes = framePicture(await this.blobs.read(workspaceId, strip), row.sampled?.frames ?? 0, index)
      if (bytes !== undefined)
        return {
          mime: 'image/svg+xml',
          etag: `"${strip}-${index}"`,
          size: bytes.length,
          open: ({ first, last }) => Promise.resolve(bytes.subarray(first, last + 1)),
        }
    }
    throw new ReeltagError('NOT_FOUND', `content ${contentId} has no such file (yet)`)
  }

  private async blob(workspaceId: string, sha256: string, mime: string): Promise<MediaFile> {
    const size = await this.blobs.sizeOf(workspaceId, sha256)
    const open = (range: ByteRange) => this.blobs.openRange(workspaceId, sha256, range)
    return { mime, etag: `"${sha256}"`, size, open }
  }

  private async find(workspaceId: string, contentId: string): Promise<MediaRow> {
    const row = await this.media.find(workspaceId, contentId)
    if (row === undefined) throw new ReeltagError('NOT_FOUND', `there is no content ${contentId}`)
    return row
  }

  private async container(workspaceId: string, sha256: string): Promise<Container> {
    const known = this.containers.get(sha256)
    if (known !== undefined) return known
    const size = await this.blobs.sizeOf(workspaceId, sha256)
    const last = Math.min(size, containerBytes) - 1
    const start = last < 0 ? [] : await (await this.blobs.openRange(workspaceId, sha256, { first: 0, last })).toArray()
    const container = containerOf(Buffer.concat(start as Buffer[]))
    if (this.containers.size >= containersKept) this.containers.clear()
    this.containers.set(sha256, container)
    return container
  }
}

/** For whoever loads a file it is the same whether the content or its bytes are gone. */
const present = async <T>(contentId: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ReeltagError) || error.code !== 'BLOB_MISSING') throw error
    throw new ReeltagError('NOT_FOUND', `the file of content ${contentId} is gone`, { cause: error })
  }
}
