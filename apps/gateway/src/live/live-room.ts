import type { LiveChange } from '@reeltag/contracts'
import type { ServerResponse } from 'node:http'
import { PendingChanges } from './pending-changes.js'

/** Pages are told at most so often. */
const flushMs = 500
/** A reader for whom so many bytes wait is too slow. It is cut, connects again, and reads everything anew. */
const waitingBytesMax = 64 * 1024

export type LiveReader = Pick<ServerResponse, 'write' | 'end' | 'destroy' | 'writableLength'>

/** The pages that watch one workspace. What they are told is written once, for all of them. */
export class LiveRoom {
  private readonly readers = new Set<LiveReader>()
  private readonly pending = new PendingChanges()
  private flushedAt = Number.NEGATIVE_INFINITY
  private timer: NodeJS.Timeout | undefined

  get size(): number {
    return this.readers.size
  }

  enter(reader: LiveReader): void {
    this.readers.add(reader)
  }

  leave(reader: LiveReader): void {
    this.readers.delete(reader)
  }

  /** The first change after a silence is told at once, what follows soon together with what comes until then. */
  tell(change: Omit<LiveChange, 'workspace'>): void {
    this.pending.add(change)
    if (this.timer !== undefined || this.pending.empty) return
    const wait = this.flushedAt + flushMs - performance.now()
    if (wait <= 0) this.flush()
    else this.timer = setTimeout(() => this.flush(), wait)
  }

  /** Writes to every reader; those who do not keep up are cut. */
  say(text: string): void {
    for (const reader of this.readers) {
      if (reader.writableLength > waitingBytesMax) {
        this.readers.delete(reader)
        reader.destroy()
      } else reader.write(text)
    }
  }

  close(): void {
    clearTimeout(this.timer)
    for (const reader of this.readers) reader.end()
    this.readers.clear()
  }

  private flush(): void {
    this.timer = undefined
    this.flushedAt = performance.now()
    this.say(this.pending.take())
  }
}
