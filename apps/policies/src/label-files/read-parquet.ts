import { ReeltagError } from '@reeltag/contracts'
import {
  asyncBufferFromFile,
  parquetMetadataAsync,
  parquetReadObjects,
  type AsyncBuffer,
  type FileMetaData,
} from 'hyparquet'
import { columnFault } from './columns.js'
import type { FileRow } from './file-row.js'

export interface ParquetFile {
  readonly rows: number
  read(): AsyncGenerator<FileRow>
}

/** @throws LABELS_UNREADABLE where it is no Parquet file with columns of labels */
export const openParquet = async (file: string): Promise<ParquetFile> => {
  const buffer = await asyncBufferFromFile(file)
  const metadata = await parquetMetadataAsync(buffer).catch((error: unknown) => {
    throw unreadable(file, error)
  })
  const names = metadata.schema.slice(1).map(({ name }) => name)
  const fault = columnFault(names)
  if (fault !== undefined) throw new ReeltagError('LABELS_UNREADABLE', `${file}: ${fault}`)
  return { rows: Number(metadata.num_rows), read: () => readGroups(file, buffer, metadata) }
}

/** Group by group: a part of a group costs as much to read as the whole. */
async function* readGroups(file: string, buffer: AsyncBuffer, metadata: FileMetaData): AsyncGenerator<FileRow> {
  let rowStart = 0
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows)
    const rows = await parquetReadObjects({ file: buffer, metadata, rowStart, rowEnd }).catch((error: unknown) => {
      throw unreadable(file, error)
    })
    for (const [index, row] of rows.entries()) yield { line: rowStart + index + 1, cells: new Map(Object.entries(row)) }
    rowStart = rowEnd
  }
}

const unreadable = (file: string, error: unknown): ReeltagError => {
  const why = error instanceof Error ? error.message : String(error)
  return new ReeltagError('LABELS_UNREADABLE', `${file} cannot be read as Parquet: ${why}`, { cause: error })
}
