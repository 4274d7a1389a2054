import { ReeltagError } from '@reeltag/contracts'
import path from 'node:path'

/** The columns of a file of labels. A row names its content by the first of the first three that it fills. */
export const labelColumns = [
  'content_id',
  'external_id',
  'video_sha256',
  'facet',
  'path',
  'source',
  'who',
  'at',
  'propensity',
  'taxonomy',
] as const
export type LabelColumn = (typeof labelColumns)[number]

/** What exports and files of refused rows say besides; an import passes over it. */
const remarks = ['line', 'reason', 'detail', 'superseded_at']

/** Written as the path of a label that says: none of the facet's nodes. No id of a node has parentheses. */
export const noneOfThese = '(none)'

/** Rows that are stored, read or written at once. */
export const batchRows = 1_000

export type LabelFileFormat = 'csv' | 'ndjson' | 'parquet'

/** @throws LABELS_UNREADABLE where the name of the file does not tell */
export const formatOf = (file: string, given: LabelFileFormat | undefined): LabelFileFormat => {
  const ending = path.extname(file).toLowerCase()
  const told = ({ '.csv': 'csv', '.ndjson': 'ndjson', '.jsonl': 'ndjson', '.parquet': 'parquet' } as const)[ending]
  const format = given ?? told
  if (format !== undefined) return format
  throw new ReeltagError('LABELS_UNREADABLE', `${file} is called neither .csv, .ndjson, .jsonl nor .parquet`)
}

const known = new Set<string>([...labelColumns, ...remarks])
const required = ['facet', 'path']

/** A misspelt column would be a silent loss. @returns what is wrong with the names, if anything is */
export const columnFault = (names: readonly string[]): string | undefined => {
  const unknown = names.filter((name) => !known.has(name))
  if (unknown.length > 0)
    return `unknown columns: ${unknown.map((name) => JSON.stringify(name.slice(0, 50))).join(', ')}`
  const twice = names.filter((name, index) => names.indexOf(name) < index)
  if (twice.length > 0) return `columns that stand there twice: ${twice.join(', ')}`
  const missing = required.filter((name) => !names.includes(name))
  if (missing.length > 0) return `missing columns: ${missing.join(', ')}`
  return labelColumns.slice(0, 3).some((name) => names.includes(name))
    ? undefined
    : `missing columns: one of ${labelColumns.slice(0, 3).join(', ')}`
}
