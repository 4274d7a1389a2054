import { NewLabel, type LabelSource } from '@reeltag/contracts'
import { noneOfThese, type LabelColumn } from './columns.js'

/** A row as it stands in a file. */
export interface FileRow {
  /** The line in which it ends, from 1; of a Parquet file the number of the row. */
  readonly line: number
  readonly cells: ReadonlyMap<string, unknown>
  /** Why it cannot be read. */
  readonly fault?: string
}

/** What counts where a row says nothing. */
export interface RowDefaults {
  readonly source?: LabelSource | undefined
  readonly who: string
  /** ISO 8601. */
  readonly at: string
}

/** @returns the label of a row, or why it is none */
export const toNewLabel = ({ cells, fault }: FileRow, defaults: RowDefaults): NewLabel | { readonly fault: string } => {
  if (fault !== undefined) return { fault }
  const text = (column: LabelColumn): string | undefined => textOf(cells.get(column))
  const path = text('path')
  if (path === undefined) return { fault: `path: is empty; ${noneOfThese} says that none of the nodes fits` }
  const label = NewLabel.safeParse({
    ...reference(text),
    facet: text('facet'),
    path: path === noneOfThese ? null : path,
    taxonomy: text('taxonomy'),
    source: text('source') ?? defaults.source ?? 'import',
    who: text('who') ?? defaults.who,
    at: text('at') ?? defaults.at,
    propensity: numberOf(cells.get('propensity')),
  })
  if (label.success) return label.data
  return { fault: label.error.issues.map(({ path: place, message }) => `${place.join('.')}: ${message}`).join('; ') }
}

type Read = (column: LabelColumn) => string | undefined

const reference = (text: Read) => {
  const [contentId, externalId, videoSha256] = [text('content_id'), text('external_id'), text('video_sha256')]
  if (contentId !== undefined) return { contentId: contentId.toLowerCase() }
  return externalId === undefined ? { videoSha256: videoSha256?.toLowerCase() } : { externalId }
}

/** Parquet has times and whole numbers, JSON has numbers; anything else is given on, for the schema to refuse. */
const textOf = (value: unknown): string | undefined => {
  if (value === undefined || value === null || value === '') return undefined
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'no time' : value.toISOString()
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) return String(value)
  return value as string
}

const decimal = /^(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i

const numberOf = (value: unknown): unknown => {
  if (value === undefined || value === null || value === '') return null
  return typeof value === 'string' && decimal.test(value) ? Number(value) : value
}
