import { stringify } from 'csv-stringify/sync'
import { fileWriter, ParquetWriter } from 'hyparquet-writer'
import fs from 'node:fs'
import type { LabelRow } from '../labels/labels.repository.js'
import { labelColumns, noneOfThese, type LabelFileFormat } from './columns.js'

/** A file that labels are written to, batch by batch. */
export interface LabelWriter {
  write(rows: readonly LabelRow[]): Promise<void> | void
  finish(): Promise<void> | void
}

/** @param history whether rows say since when they are superseded */
export const openLabelWriter = (file: string, format: LabelFileFormat, history: boolean): LabelWriter =>
  format === 'parquet' ? parquetWriter(file, history) : textWriter(file, format, history)

const columnsOf = (history: boolean): readonly string[] => (history ? [...labelColumns, 'superseded_at'] : labelColumns)

const cellsOf = (row: LabelRow): Record<string, string | number | Date | null> => ({
  content_id: row.contentId,
  external_id: row.externalId,
  video_sha256: row.videoSha256,
  facet: row.facet,
  path: row.path === '' ? noneOfThese : row.path,
  source: row.source,
  who: row.who,
  at: row.at,
  propensity: row.propensity,
  taxonomy: row.taxonomy,
  superseded_at: row.supersededAt,
})

const textWriter = (file: string, format: 'csv' | 'ndjson', history: boolean): LabelWriter => {
  const descriptor = fs.openSync(file, 'w')
  const columns = columnsOf(history)
  const toCsv = (records: readonly unknown[][]): string =>
    // A spreadsheet would run a cell that begins like a formula. An import takes the apostrophe off again.
    stringify([...records], { escape_formulas: true, cast: { date: (date) => date.toISOString() } })
  const toJson = (row: LabelRow): string => {
    const cells = cellsOf(row)
    return `${JSON.stringify(Object.fromEntries(columns.map((name) => [name, cells[name]])))}\n`
  }
  // Not writeSync: on a full disk it writes a part, and says so only in what it returns.
  const append = (text: string): void => fs.writeFileSync(descriptor, text)
  if (format === 'csv') append(toCsv([[...columns]]))
  return {
    write: (rows) => {
      const text =
        format === 'csv'
          ? toCsv(rows.map(cellsOf).map((cells) => columns.map((name) => cells[name])))
          : rows.map(toJson).join('')
      append(text)
    },
    finish: () => {
      fs.fsyncSync(descriptor)
      fs.closeSync(descriptor)
    },
  }
}

const parquetTypes: Readonly<Record<string, 'TIMESTAMP' | 'DOUBLE'>> = {
  at: 'TIMESTAMP',
  superseded_at: 'TIMESTAMP',
  propensity: 'DOUBLE',
}

const parquetWriter = (file: string, history: boolean): LabelWriter => {
  const columns = columnsOf(history)
  const element = (name: string) => {
    const repetition_type = 'OPTIONAL' as const
    const type = parquetTypes[name]
    if (type === 'TIMESTAMP')
      return { name, type: 'INT64' as const, converted_type: 'TIMESTAMP_MILLIS' as const, repetition_type }
    return type === 'DOUBLE'
      ? { name, type, repetition_type }
      : { name, type: 'BYTE_ARRAY' as const, converted_type: 'UTF8' as const, repetition_type }
  }
  const schema = [{ name: 'root', num_children: columns.length }, ...columns.map(element)]
  const writer = new ParquetWriter({ writer: fileWriter(file), schema })
  return {
    write: (rows) => {
      const cells = rows.map(cellsOf)
      return writer.write({
        columnData: columns.map((name) => ({ name, data: cells.map((row) => row[name] ?? null) })),
        rowGroupSize: rows.length,
      })
    },
    finish: () => writer.finish(),
  }
}
