import type { Transaction } from '@reeltag/platform'

/** The visible result of a content before it gets a new one. */
export interface ResultBefore {
  readonly revision: number
  /** Absent where the row is gone. */
  readonly predictionId?: string
  /** Whether any of its tags is published. */
  readonly published: boolean
}

export interface RevisionAt {
  /** Revision of the content after this stage: raised only by the stage that concludes the content. */
  readonly revision: number
  /** null before the first result. */
  readonly before: ResultBefore | null
}

/** Must be the same function for all rows of a kind, and may run again after a rollback. */
type Write<R> = (tx: Transaction, rows: readonly R[]) => Promise<void>

/** A row that is written together with something else. Rows of one writer in the same group are written at once. */
export interface Recording {
  readonly write: Write<unknown>
  readonly row: (at: RevisionAt) => unknown
}

export const recording = <R>(write: Write<R>, row: (at: RevisionAt) => R): Recording => ({
  write: write as Write<unknown>,
  row,
})

export const writeRecordings = async (
  tx: Transaction,
  recordings: readonly { readonly record: Recording; readonly at: RevisionAt }[],
): Promise<void> => {
  const rows = new Map<Write<unknown>, unknown[]>()
  for (const { record, at } of recordings) {
    const { write, row } = record
    rows.set(write, [...(rows.get(write) ?? []), row(at)])
  }
  for (const [write, batch] of rows) await write(tx, batch)
}
