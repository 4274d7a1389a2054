import { errorCodes, isErrorCode, Prediction, StageState, type ContentView, type StageView } from '@reeltag/contracts'
import type { ContentRow, PredictionRow, StageRow } from './contents.repository.js'

export type ContentSummary = Omit<ContentView, 'stages'>

export const toSummary = (row: ContentRow, language: 'zh' | 'en'): ContentSummary => {
  const { title, description, ocrText, asrText, author, language: spoken } = row.submission
  return {
    id: row.id,
    externalId: row.external_id,
    state: row.state,
    revision: row.revision,
    title: title ?? null,
    description: description ?? null,
    ocrText: ocrText ?? null,
    asrText: asrText ?? null,
    author: author ?? null,
    language: spoken,
    video: toVideo(row),
    result: row.prediction === null ? null : toResult(row.prediction),
    error: toError(row, language),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}

const toVideo = ({ video_sha256, video_bytes, sampled }: ContentRow): ContentView['video'] =>
  video_sha256 === null
    ? null
    : {
        sha256: video_sha256,
        bytes: Number(video_bytes),
        durationMs: sampled?.durationMs ?? null,
        width: sampled?.width ?? null,
        height: sampled?.height ?? null,
      }

/** A row of predictions as the API shows it. */
export const toResult = ({ created_at, ...rest }: PredictionRow): Prediction =>
  Prediction.parse({ ...rest, createdAt: new Date(created_at).toISOString() })

const toError = ({ error_code, error_detail }: ContentRow, language: 'zh' | 'en'): ContentView['error'] => {
  if (error_code === null) return null
  const { title, remedy } = errorCodes[isErrorCode(error_code) ? error_code : 'INTERNAL']
  return { code: error_code, title: title[language], detail: error_detail ?? '', remedy: remedy[language] }
}

export const toStageView = (row: StageRow): StageView => ({
  stage: row.stage,
  state: StageState.parse(row.state),
  attempt: row.attempt,
  waitMs: row.started_at === null ? null : Math.max(0, row.started_at.getTime() - row.ready_at.getTime()),
  runMs:
    row.started_at === null || row.finished_at === null
      ? null
      : Math.max(0, row.finished_at.getTime() - row.started_at.getTime()),
  errorCode: row.error_code,
})
