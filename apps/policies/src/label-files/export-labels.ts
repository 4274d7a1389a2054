import type { Database } from '@reeltag/platform'
import fs from 'node:fs'
import { LabelsRepository, type LabelFilter, type LabelRow } from '../labels/labels.repository.js'
import { formatOf, type LabelFileFormat } from './columns.js'
import { openLabelWriter } from './write-labels.js'

/** Rows that are read and written at once; of a Parquet file one group. */
const exportRows = 10_000

export interface ExportOptions extends LabelFilter {
  /** By the name of the file unless given. */
  readonly format?: LabelFileFormat | undefined
  /** Called after each batch, with the labels written so far. */
  readonly onProgress?: ((rows: number) => void) | undefined
}

/**
 * Writes the labels of a workspace to a file that `importLabels` reads, oldest first. The file appears when it is complete.
 * @returns how many labels it holds
 */
export const exportLabels = async (
  db: Database,
  workspaceId: string,
  file: string,
  { format, onProgress, ...filter }: ExportOptions = {},
): Promise<number> => {
  const told = formatOf(file, format)
  const labels = new LabelsRepository(db)
  const partial = `${file}.${process.pid}.partial`
  try {
    const writer = openLabelWriter(partial, told, filter.history === true)
    let count = 0
    let last: LabelRow | undefined
    for (;;) {
      const rows = await labels.readOn(workspaceId, filter, exportRows, last)
      if (rows.length > 0) await writer.write(rows)
      count += rows.length
      onProgress?.(count)
      last = rows.at(-1)
      if (rows.length < exportRows) break
    }
    await writer.finish()
    fs.renameSync(partial, file)
    return count
  } finally {
    fs.rmSync(partial, { force: true })
  }
}
