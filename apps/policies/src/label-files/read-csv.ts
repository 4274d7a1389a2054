import { ReeltagError } from '@reeltag/contracts'
import { CsvError, parse } from 'csv-parse'
import { pipeline, Readable } from 'node:stream'
import { columnFault } from './columns.js'
import type { FileRow } from './file-row.js'
import { utf8Of } from './utf8.js'

/** A quotation mark that is never closed would swallow the rest of the file. */
const recordCharsMax = 1_000_000

/** What `escape_formulas` of csv-stringify puts an apostrophe before. */
const guarded = /^'[-=+@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/

/**
 * Rows of a CSV file (RFC 4180) whose first line names its columns.
 * @throws LABELS_UNREADABLE
 */
export async function* readCsv(file: string, onBytes: (count: number) => void): AsyncGenerator<FileRow> {
  const parser = parse({
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: recordCharsMax,
  })
  // The parser passes an error on to whoever reads its records.
  pipeline(Readable.from(utf8Of(file, onBytes)), parser, () => undefined)
  let names: readonly string[] | undefined
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      if (names === undefined) names = headerOf(file, record)
      else yield toRow(names, record, info.lines)
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw new ReeltagError('LABELS_UNREADABLE', `${file}: ${error.message}`, { cause: error })
  }
  if (names === undefined) throw new ReeltagError('LABELS_UNREADABLE', `${file} is empty`)
}

const headerOf = (file: string, record: readonly string[]): readonly string[] => {
  const names = record.map((name) => name.trim())
  const fault = columnFault(names)
  if (fault !== undefined) throw new ReeltagError('LABELS_UNREADABLE', `${file}: ${fault}`)
  return names
}

const toRow = (names: readonly string[], record: readonly string[], line: number): FileRow => {
  const cells = new Map(names.map((name, index) => [name, unguarded(record[index] ?? '')]))
  return record.length === names.length
    ? { line, cells }
    : { line, cells, fault: `${record.length} cells in ${names.length} columns` }
}

const unguarded = (cell: string): string => (guarded.test(cell) ? cell.slice(1) : cell)
