import { ReeltagError } from '@reeltag/contracts'
import { csvCells } from '../tables/csv-cells.js'
import { columnFault } from './columns.js'
import type { FileRow } from './file-row.js'

/** What `escape_formulas` of csv-stringify puts an apostrophe before. */
const guarded = /^'[-=+@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/

/**
 * Rows of a CSV file (RFC 4180) whose first line names its columns.
 * @throws LABELS_UNREADABLE
 */
export async function* readCsv(file: string, onBytes: (count: number) => void): AsyncGenerator<FileRow> {
  let names: readonly string[] | undefined
  for await (const { line, cells } of csvCells(file, { code: 'LABELS_UNREADABLE', onBytes })) {
    if (names === undefined) names = headerOf(file, cells)
    else yield toRow(names, cells, line)
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
