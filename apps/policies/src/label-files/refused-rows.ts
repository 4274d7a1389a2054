import type { LabelRefusal } from '@reeltag/contracts'
import { stringify } from 'csv-stringify/sync'
import fs from 'node:fs'
import { labelColumns } from './columns.js'
import type { FileRow } from './file-row.js'

export interface RefusedRow {
  readonly row: FileRow
  readonly reason: LabelRefusal
  readonly detail: string
}

const columns = ['line', 'reason', 'detail', ...labelColumns]
const cellCharsMax = 1_000

/**
 * The rows of a file that were refused, in a CSV file next to it. It can be imported itself once it is corrected. Cells are
 * cut at 1,000 characters, and one that a spreadsheet would take for a formula gets an apostrophe before it.
 */
export class RefusedRows {
  readonly file: string
  private bytes = 0

  constructor(imported: string) {
    this.file = `${imported}.refused.csv`
  }

  /** Whether all is there that a checkpoint says was written. Who corrects rows may have shortened or moved the file. */
  has(bytes: number): boolean {
    return bytes === 0 || (fs.statSync(this.file, { throwIfNoEntry: false })?.size ?? 0) >= bytes
  }

  /** Begins with what a checkpoint says was written: what came behind it will come again. */
  begin(bytes: number): void {
    this.bytes = bytes
    if (bytes === 0) fs.rmSync(this.file, { force: true })
    else fs.truncateSync(this.file, bytes)
  }

  /** @returns the size of the file */
  append(refused: readonly RefusedRow[]): number {
    if (refused.length === 0) return this.bytes
    const records = refused.map(({ row, reason, detail }) => [
      String(row.line),
      reason,
      cut(detail),
      ...labelColumns.map((name) => cut(write(row.cells.get(name)))),
    ])
    const text = stringify([...(this.bytes === 0 ? [columns] : []), ...records], { escape_formulas: true })
    fs.appendFileSync(this.file, text)
    return (this.bytes += Buffer.byteLength(text))
  }
}

const cut = (text: string): string =>
  (text.length > cellCharsMax ? `${text.slice(0, cellCharsMax)}…` : text).toWellFormed().replaceAll('\u0000', '\uFFFD')

const write = (value: unknown): string => {
  if (value === undefined || value === null) return ''
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString()
  if (typeof value === 'object')
    return JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part))
  return String(value as string | number | bigint | boolean)
}
