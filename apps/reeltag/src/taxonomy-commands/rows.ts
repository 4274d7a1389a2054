import { ReeltagError } from '@reeltag/contracts'
import { utf8Of } from '@reeltag/platform'
import { csvCells, csvLine } from '@reeltag/policies'
import { once } from 'node:events'
import fs from 'node:fs'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { wrongArgument } from '../arguments/arguments.js'

export interface Row {
  /** Of the file, from 1. */
  readonly line: number
  readonly values: Readonly<Record<string, unknown>>
}

type Written = Readonly<Record<string, unknown>>

const isCsv = (file: string): boolean => file.endsWith('.csv')

/** Rows of an NDJSON file, or of a CSV file whose first line names its columns. Cells of CSV are text. */
export const readRows = (file: string): AsyncIterable<Row> => (isCsv(file) ? readCsv(file) : readJson(file))

async function* readJson(file: string): AsyncGenerator<Row> {
  let line = 0
  for await (const text of createInterface({ input: Readable.from(utf8Of(file)), crlfDelay: Infinity })) {
    line += 1
    if (text.trim() !== '') yield { line, values: parseRow(file, line, text) }
  }
}

const parseRow = (file: string, line: number, text: string): Record<string, unknown> => {
  const fault = (cause?: unknown) =>
    new ReeltagError('FILE_UNREADABLE', `${file}, line ${line}: this is no JSON object: write one row a line`, {
      cause,
    })
  try {
    const value: unknown = JSON.parse(text)
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>
  } catch (error) {
    throw fault(error)
  }
  throw fault()
}

async function* readCsv(file: string): AsyncGenerator<Row> {
  let names: readonly string[] | undefined
  for await (const { line, cells } of csvCells(file)) {
    if (names === undefined) names = cells
    else if (cells.length !== names.length)
      throw new ReeltagError(
        'FILE_UNREADABLE',
        `${file}, line ${line}: ${cells.length} cells in ${names.length} columns`,
      )
    else yield { line, values: Object.fromEntries(names.map((name, index) => [name, cells[index]])) }
  }
}

/** Writes rows to a new file, as CSV or NDJSON by its name. The columns of a CSV file are those of its first row. */
export class RowWriter {
  private readonly stream: fs.WriteStream
  private columns: readonly string[] | undefined

  constructor(private readonly file: string) {
    this.stream = fs.createWriteStream(file, { flags: 'wx' })
  }

  async write(row: Written): Promise<void> {
    const line = isCsv(this.file) ? this.csv(row) : `${JSON.stringify(row)}\n`
    if (!this.stream.write(line)) await once(this.stream, 'drain')
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.stream.once('error', reject)
      this.stream.end(resolve)
    })
  }

  private csv(row: Written): string {
    const head = this.columns === undefined ? csvLine(Object.keys(row)) : ''
    this.columns ??= Object.keys(row)
    return head + csvLine(this.columns.map((column) => row[column]))
  }
}

export interface Carried {
  readonly rows: number
  /** The first ones; each with its line. */
  readonly refused: readonly string[]
  readonly refusedCount: number
}

const namedMax = 20

/**
 * Carries every row to a new file. A row that is refused is counted and left out, and the rest goes on.
 * @param change the rows that one row becomes
 */
export const carryRows = async (
  file: string,
  out: string,
  change: (row: Row) => readonly Written[],
): Promise<Carried> => {
  if (!fs.existsSync(file)) throw new ReeltagError('FILE_UNREADABLE', `${file} does not exist: name a file of rows`)
  if (fs.existsSync(out)) throw wrongArgument(out, 'exists: name a new file, or remove it first')
  const writer = new RowWriter(out)
  const refused: string[] = []
  let [rows, refusedCount] = [0, 0]
  try {
    for await (const row of readRows(file)) {
      rows += 1
      try {
        for (const one of change(row)) await writer.write(one)
      } catch (error) {
        if (!(error instanceof ReeltagError)) throw error
        refusedCount += 1
        if (refused.length < namedMax) refused.push(`line ${row.line}: ${error.message}`)
      }
    }
  } finally {
    await writer.close()
  }
  return { rows, refused, refusedCount }
}

/** @throws `code` where rows were refused: the command has not done all that it was asked for */
export const reportRefused = (
  code: 'MAPPING_INVALID' | 'MIGRATION_INVALID',
  { rows, refused, refusedCount }: Carried,
): void => {
  if (refusedCount === 0) return
  throw new ReeltagError(code, [`${refusedCount} of ${rows} rows were refused and left out:`, ...refused].join('\n  '))
}
