import type { NewLabel } from '@reeltag/contracts'
import type { PackFolders } from '@reeltag/packs'
import type { Database } from '@reeltag/platform'
import fs from 'node:fs'
import type { LabelsService } from '../labels/labels.service.js'
import { openLabels } from '../labels/open-labels.js'
import { Checkpoint, type ImportReport, type Progress } from './checkpoint.js'
import { batchRows, formatOf, type LabelFileFormat } from './columns.js'
import { toNewLabel, type FileRow, type RowDefaults } from './file-row.js'
import { openLabelFile, type LabelFile } from './label-file.js'
import { RefusedRows, type RefusedRow } from './refused-rows.js'

export type { ImportReport } from './checkpoint.js'

export interface ImportOptions {
  /** By the name of the file unless given. */
  readonly format?: LabelFileFormat | undefined
  /** What counts where a row says nothing. Without `at` it is the moment when the file was last changed. */
  readonly defaults: Pick<RowDefaults, 'source' | 'who'> & { readonly at?: string | undefined }
  /** Goes on where a killed import of the same file stopped, instead of from the beginning. */
  readonly resume?: boolean | undefined
  /** Called after each batch, in units of the file: bytes, or rows of a Parquet file. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

/**
 * Stores the labels of a file, a thousand rows in a transaction. A row that was stored before is recognised, so nothing is
 * stored twice however often a file is imported. Refused rows stand in `FILE.refused.csv` afterwards, if there are any.
 * @throws LABELS_UNREADABLE; what was read before that stays stored
 */
export const importLabels = async (
  { db, folders }: { readonly db: Database; readonly folders: PackFolders },
  workspaceId: string,
  file: string,
  { format, defaults, resume = false, onProgress }: ImportOptions,
): Promise<ImportReport & { readonly refusedFile: string }> => {
  const service = openLabels(db, folders)
  const [checkpoint, refusedRows] = [new Checkpoint(file), new RefusedRows(file)]
  const opened = await openLabelFile(file, formatOf(file, format))
  const rowDefaults = { ...defaults, at: defaults.at ?? lastChanged(file) }
  if (!resume) checkpoint.remove()
  let progress = checkpoint.read()
  if (!refusedRows.has(progress.refusedBytes)) {
    // From the beginning nothing is stored twice, and every refused row is told.
    checkpoint.remove()
    progress = checkpoint.read()
  }
  refusedRows.begin(progress.refusedBytes)
  onProgress?.(opened.done(), opened.total)
  for await (const rows of batchesOf(opened, progress.rows)) {
    const { results, refused } = await storeRows(service, workspaceId, rows, rowDefaults)
    progress = add(progress, rows.length, results, refused.length, refusedRows.append(refused))
    checkpoint.save(progress)
    onProgress?.(opened.done(), opened.total)
  }
  checkpoint.remove()
  const { refusedBytes: _, ...report } = progress
  return { ...report, refusedFile: refusedRows.file }
}

/** The same at every import of a file, so that its labels are recognised. A clock of another machine may be ahead. */
const lastChanged = (file: string): string => new Date(Math.min(fs.statSync(file).mtimeMs, Date.now())).toISOString()

async function* batchesOf({ rows }: LabelFile, skipped: number): AsyncGenerator<FileRow[]> {
  let batch: FileRow[] = []
  let number = 0
  for await (const row of rows) {
    if (number++ < skipped) continue
    batch.push(row)
    if (batch.length < batchRows) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

const storeRows = async (
  service: LabelsService,
  workspaceId: string,
  rows: readonly FileRow[],
  defaults: RowDefaults,
) => {
  const refused: RefusedRow[] = []
  const readable: { row: FileRow; label: NewLabel }[] = []
  for (const row of rows) {
    const label = toNewLabel(row, defaults)
    if ('fault' in label) refused.push({ row, reason: 'malformed', detail: label.fault })
    else readable.push({ row, label })
  }
  const labels = readable.map(({ label }) => label)
  const results = labels.length === 0 ? [] : await service.store(workspaceId, labels, defaults)
  for (const [index, { reason, detail }] of results.entries()) {
    const row = readable[index]?.row
    if (reason !== null && row !== undefined) refused.push({ row, reason, detail: detail ?? '' })
  }
  return { results, refused: refused.toSorted((a, b) => a.row.line - b.row.line) }
}

const add = (
  { rows, stored, known, refused }: Progress,
  count: number,
  results: readonly { readonly outcome: string }[],
  refusedCount: number,
  refusedBytes: number,
): Progress => {
  const of = (wanted: string): number => results.filter(({ outcome }) => outcome === wanted).length
  return {
    rows: rows + count,
    stored: stored + of('stored'),
    known: known + of('known'),
    refused: refused + refusedCount,
    refusedBytes,
  }
}
