import { ReeltagError } from '@reeltag/contracts'
import fs from 'node:fs'
import type { LabelFileFormat } from './columns.js'
import type { FileRow } from './file-row.js'
import { readCsv } from './read-csv.js'
import { readNdjson } from './read-ndjson.js'
import { openParquet } from './read-parquet.js'

/** A file of labels that is being read. */
export interface LabelFile {
  /** How much there is to read: rows of a Parquet file, bytes of another. */
  readonly total: number
  /** How much of it has been read. */
  done(): number
  readonly rows: AsyncGenerator<FileRow>
}

/** @throws LABELS_UNREADABLE */
export const openLabelFile = async (file: string, format: LabelFileFormat): Promise<LabelFile> => {
  const stat = fs.statSync(file, { throwIfNoEntry: false })
  if (stat?.isFile() !== true) throw new ReeltagError('LABELS_UNREADABLE', `there is no file ${file}`)
  let done = 0
  if (format === 'parquet') {
    const parquet = await openParquet(file)
    return { total: parquet.rows, done: () => done, rows: counted(parquet.read(), () => done++) }
  }
  const read = format === 'csv' ? readCsv : readNdjson
  return { total: stat.size, done: () => done, rows: read(file, (count) => (done += count)) }
}

async function* counted(rows: AsyncGenerator<FileRow>, count: () => void): AsyncGenerator<FileRow> {
  for await (const row of rows) {
    count()
    yield row
  }
}
