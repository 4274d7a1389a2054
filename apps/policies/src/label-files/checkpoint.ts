import fs from 'node:fs'
import { z } from 'zod'

const Counts = z.object({
  /** Of the file, whatever became of them. */
  rows: z.int(),
  stored: z.int(),
  known: z.int(),
  refused: z.int(),
})
export type ImportReport = z.infer<typeof Counts>

const Saved = Counts.extend({
  size: z.number(),
  modifiedMs: z.number(),
  /** The size of the file of refused rows. */
  refusedBytes: z.int(),
})
export type Progress = Omit<z.infer<typeof Saved>, 'size' | 'modifiedMs'>

const nothing: Progress = { rows: 0, stored: 0, known: 0, refused: 0, refusedBytes: 0 }

/** How far an import of a file has come, in a file next to it, for the time that it takes. */
export class Checkpoint {
  private readonly file: string

  constructor(private readonly imported: string) {
    this.file = `${imported}.checkpoint`
  }

  /** @returns where a killed import of this very file stopped; the beginning, if it has been changed since */
  read(): Progress {
    try {
      const { size, modifiedMs, ...progress } = Saved.parse(JSON.parse(fs.readFileSync(this.file, 'utf8')))
      const now = this.identity()
      return size === now.size && modifiedMs === now.modifiedMs ? progress : nothing
    } catch {
      // No checkpoint, or one that was being written: from the beginning nothing is lost, and nothing is stored twice.
      return nothing
    }
  }

  save(progress: Progress): void {
    const written = `${this.file}.${process.pid}`
    fs.writeFileSync(written, JSON.stringify({ ...this.identity(), ...progress }))
    fs.renameSync(written, this.file)
  }

  remove(): void {
    fs.rmSync(this.file, { force: true })
  }

  private identity(): { size: number; modifiedMs: number } {
    const { size, mtimeMs } = fs.statSync(this.imported)
    return { size, modifiedMs: mtimeMs }
  }
}
