import { Injectable } from '@nestjs/common'
import {
  joinText,
  ReeltagError,
  type ContentAccepted,
  type ContentHistory,
  type ContentPage,
  type ContentView,
  type SubmitContent,
} from '@reeltag/contracts'
import { StageStore, type NewContent } from '@reeltag/pipeline'
import { Blobs, newId } from '@reeltag/platform'
import { createHash } from 'node:crypto'
import { encodeCursor, placeOf, toPage } from '@reeltag/http'
import type { ContentFilter } from './content-filter.js'
import { toStageView, toSummary } from './content-view.js'
import { ContentsRepository } from './contents.repository.js'
import { toHistoryEntry } from './history-view.js'
import type { UploadedFile } from './upload-reader.js'

type Language = 'zh' | 'en'
export interface Submitted {
  readonly submission: SubmitContent
  readonly file: UploadedFile | undefined
  readonly traceparent: string | null
}

@Injectable()
export class ContentsService {
  constructor(
    private readonly contents: ContentsRepository,
    private readonly blobs: Blobs,
    private readonly stages: StageStore,
  ) {}

  /** Accepts a content. The same externalId with the same submission is the same content, however often it is sent. */
  async submit(workspaceId: string, { submission, file, traceparent }: Submitted): Promise<ContentAccepted> {
    const text = joinText(submission)
    if (file === undefined && text === '')
      throw new ReeltagError('CONTENT_EMPTY', 'send a file, or a text field that is not blank')
    const pack = await this.contents.packOf(workspaceId)
    const video = file === undefined ? null : { sha256: file.sha256, bytes: file.bytes }
    const inputHash = createHash('sha256')
      .update(`${video?.sha256 ?? ''}\n${text}`)
      .digest('hex')
    const { externalId = null } = submission
    const content = { workspaceId, externalId, pack, submission, video, inputHash, traceparent }
    const known = externalId === null ? undefined : await this.known(content)
    if (known !== undefined) return known
    if (file !== undefined) await this.blobs.adopt(workspaceId, file)
    const id = newId()
    if (await this.contents.accept({ id, ...content })) return accepted(id, 'processing')
    const winner = await this.known(content)
    if (winner === undefined) throw new ReeltagError('INTERNAL', 'an externalId was taken and is gone')
    return winner
  }

  async get(workspaceId: string, id: string, language: Language): Promise<ContentView> {
    const row = await this.contents.find(workspaceId, id)
    if (row === undefined) throw new ReeltagError('NOT_FOUND', `there is no content ${id}`)
    return { ...toSummary(row, language), stages: (await this.contents.stagesOf(id)).map(toStageView) }
  }

  /** A page, newest first. A search that finds little says where it stopped, so that the next page goes on there. */
  async list(
    workspaceId: string,
    query: ContentFilter & { readonly limit: number; readonly cursor?: string | undefined },
    language: Language,
  ): Promise<ContentPage> {
    const after = placeOf(query)
    const rows = await this.contents.list(workspaceId, query, query.limit, after)
    const page = toPage(
      rows.map((row) => toSummary(row, language)),
      query.limit,
    )
    if (query.q === undefined || page.nextCursor !== null) return page
    const searchedTo = await this.contents.searchedTo(workspaceId, query, after)
    return { ...page, nextCursor: searchedTo === undefined ? null : encodeCursor(searchedTo) }
  }

  /** Every result that a content has had, newest first. */
  async history(workspaceId: string, id: string): Promise<ContentHistory> {
    const row = await this.contents.find(workspaceId, id)
    if (row === undefined) throw new ReeltagError('NOT_FOUND', `there is no content ${id}`)
    return { items: (await this.contents.history(id)).map(toHistoryEntry) }
  }

  /** Tags a concluded content again with the workspace's pack. */
  async retag(workspaceId: string, id: string): Promise<ContentAccepted> {
    const [row, pack] = await Promise.all([this.contents.find(workspaceId, id), this.contents.packOf(workspaceId)])
    if (row === undefined) throw new ReeltagError('NOT_FOUND', `there is no content ${id}`)
    await this.stages.restart(id, { pack })
    return accepted(id, 'processing')
  }

  /** The frames side by side, WebP. */
  async filmstrip(workspaceId: string, id: string): Promise<Buffer> {
    const row = await this.contents.find(workspaceId, id)
    const strip = row?.sampled?.filmstripSha256
    if (strip === undefined) throw new ReeltagError('NOT_FOUND', `content ${id} has no frames (yet)`)
    return this.blobs.read(workspaceId, strip)
  }

  private async known(content: Omit<NewContent, 'id'>): Promise<ContentAccepted | undefined> {
    const row = await this.contents.findRepeated(content)
    if (row === undefined) return undefined
    if (!row.same) throw new ReeltagError('EXTERNAL_ID_TAKEN', `${content.externalId} is content ${row.id}`)
    return accepted(row.id, row.state)
  }
}

const accepted = (id: string, state: ContentAccepted['state']): ContentAccepted => ({
  id,
  state,
  location: `/v1/contents/${id}`,
})
