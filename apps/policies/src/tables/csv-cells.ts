import { ReeltagError } from '@reeltag/contracts'
import { utf8Of } from '@reeltag/platform'
import { CsvError, parse } from 'csv-parse'
import { stringify } from 'csv-stringify/sync'
import { pipeline, Readable } from 'node:stream'

/** A quotation mark that is never closed would swallow the rest of the file. */
const recordCharsMax = 1_000_000

export interface CsvOptions {
  /** Of the refusal; default FILE_UNREADABLE. */
  readonly code?: 'FILE_UNREADABLE' | 'LABELS_UNREADABLE'
  /** Told how many more bytes were read. */
  readonly onBytes?: (count: number) => void
}

/**
 * The records of a CSV file (RFC 4180), each with its line, the header included.
 * A record may have another number of cells than the header.
 * @throws `code` for a file that is no CSV or not UTF-8
 */
export async function* csvCells(
  file: string,
  { code = 'FILE_UNREADABLE', onBytes }: CsvOptions = {},
): AsyncGenerator<{ line: number; cells: readonly string[] }> {
  const parser = parse({
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: recordCharsMax,
  })
  // The parser passes an error on to whoever reads its records.
  pipeline(
    Readable.from(utf8Of(file, { code, ...(onBytes === undefined ? {} : { onBytes }) })),
    parser,
    () => undefined,
  )
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>)
      yield { line: info.lines, cells: record }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw new ReeltagError(code, `${file}: ${error.message}`, { cause: error })
  }
}

/** One line of a CSV file, its end included. A text that a spreadsheet would run as a formula gets an apostrophe. */
export const csvLine = (cells: readonly unknown[]): string =>
  stringify([cells.map((cell) => (typeof cell === 'object' && cell !== null ? JSON.stringify(cell) : cell))], {
    escape_formulas: true,
    cast: { boolean: String, number: String },
  })
