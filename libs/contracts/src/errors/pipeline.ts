import { entry, type ErrorEntry } from './error-entry.js'

/** Errors that stop the processing of a content. */
export const pipelineErrors = {
  STAGE_EXHAUSTED: entry(
    500,
    true,
    ['A stage failed too often', '处理阶段多次失败'],
    ['Read the cause in `detail`, then tag the content again', '请查看 detail 中的原因后重新处理'],
  ),
  BLOB_MISSING: entry(
    500,
    false,
    ['A stored file is missing', '存储文件丢失'],
    ['Submit the content again', '请重新提交内容'],
  ),
  BLOBS_UNAVAILABLE: entry(
    503,
    true,
    ['The blob store does not answer', '存储服务不可用'],
    ['Try again; check BLOB_URL, its server and its credentials', '请重试，并检查 BLOB_URL、存储服务及其凭证'],
    { outage: true },
  ),
} as const satisfies Record<string, ErrorEntry>
