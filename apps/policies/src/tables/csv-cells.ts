import { ReeltagError } from '@reeltag/contracts'
import { CsvError, parse } from 'csv-parse'
import { stringify } from 'csv-stringify/sync'
import fs from 'node:fs'
import { pipeline } from 'node:stream'

/** A quotation mark that is never closed would swallow the rest of the file. */
const recordCharsMax = 1_000_000

/**
 * The records of a CSV file (RFC 4180), each with its line, the header included.
 * @throws CONFIG_INVALID for a file that is no CSV, or with a record of another length than the header
 */
export async function* csvCells(file: string): AsyncGenerator<{ line: number; cells: readonly string[] }> {
  const parser = parse({ info: true, bom: true, skip_empty_lines: true, max_record_size: recordCharsMax })
  // The parser passes an error on to whoever reads its records.
  pipeline(fs.createReadStream(file), parser, () => undefined)
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>)
      yield { line: info.lines, cells: record }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw new ReeltagError('CONFIG_INVALID', `${file}: ${error.message}`, { cause: error })
  }
}

/** One line of a CSV file, its end included. A text that a spreadsheet would run as a formula gets an apostrophe. */
export const csvLine = (cells: readonly unknown[]): string =>
  stringify([cells.map((cell) => (typeof cell === 'object' && cell !== null ? JSON.stringify(cell) : cell))], {
    escape_formulas: true,
    cast: { boolean: String, number: String },
  })
