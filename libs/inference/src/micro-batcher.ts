import { ReeltagError } from '@reeltag/contracts'
import { concatenate, split, type Tensors } from './tensor.js'

export interface BatchLimits {
  /** Most rows (frames, texts, contents) that one run takes. */
  readonly batchMax: number
  /** How long a lone item waits for company, milliseconds. */
  readonly delayMsMax: number
  /** Most rows that wait; what comes beyond is refused with INFERENCE_OVERLOADED. */
  readonly queueMax: number
}

interface Item {
  readonly feeds: Tensors
  readonly rows: number
  readonly since: number
  readonly resolve: (outputs: Tensors) => void
  readonly reject: (error: unknown) => void
  readonly signal: AbortSignal | undefined
}

type Run = (feeds: Tensors) => Promise<Tensors>

/**
 * Joins what several callers want into one run along axis 0. While every lane is busy items pile up and the next run
 * takes them together, so batches form exactly when they pay; an idle lane waits at most `delayMsMax`.
 */
export class MicroBatcher {
  private queue: Item[] = []
  private busy = 0
  private timer: NodeJS.Timeout | undefined

  constructor(
    private readonly run: Run,
    private readonly lanes: number,
    private readonly limits: BatchLimits,
    private readonly onBatch: (rows: number) => void = () => undefined,
  ) {}

  /** @throws INFERENCE_OVERLOADED, or whatever the run fails with */
  submit(feeds: Tensors, signal?: AbortSignal): Promise<Tensors> {
    const rows = Object.values(feeds)[0]?.dims[0] ?? 0
    const waiting = this.queue.reduce((sum, item) => sum + item.rows, 0)
    if (waiting + rows > Math.max(this.limits.queueMax, rows)) {
      return Promise.reject(new ReeltagError('INFERENCE_OVERLOADED', `${waiting} rows wait already`))
    }
    return new Promise((resolve, reject) => {
      this.queue.push({ feeds, rows, since: performance.now(), resolve, reject, signal })
      this.pump()
    })
  }

  private pump(): void {
    this.dropAborted()
    while (this.busy < this.lanes && this.queue.length > 0) {
      const wait = this.remainingDelay()
      if (wait > 0) return this.wakeIn(wait)
      void this.dispatch(this.takeBatch())
    }
  }

  private remainingDelay(): number {
    const rows = this.queue.reduce((sum, item) => sum + item.rows, 0)
    const oldest = this.queue[0]?.since ?? 0
    return rows >= this.limits.batchMax ? 0 : oldest + this.limits.delayMsMax - performance.now()
  }

  private wakeIn(ms: number): void {
    if (this.timer !== undefined) return
    this.timer = setTimeout(() => {
      this.timer = undefined
      this.pump()
    }, Math.ceil(ms))
  }

  /** An item larger than the limit runs alone. */
  private takeBatch(): Item[] {
    let rows = 0
    let count = 0
    for (const item of this.queue) {
      if (count > 0 && rows + item.rows > this.limits.batchMax) break
      rows += item.rows
      count++
    }
    return this.queue.splice(0, count)
  }

  private async dispatch(batch: readonly Item[]): Promise<void> {
    this.busy++
    const rows = batch.map((item) => item.rows)
    this.onBatch(rows.reduce((sum, count) => sum + count, 0))
    try {
      const names = Object.keys(batch[0]?.feeds ?? {})
      const feeds = names.map((name) => [name, concatenate(batch.flatMap((item) => item.feeds[name] ?? []))] as const)
      const outputs = await this.run(Object.fromEntries(feeds))
      const parts = Object.entries(outputs).map(([name, tensor]) => [name, split(tensor, rows)] as const)
      for (const [index, item] of batch.entries()) {
        item.resolve(Object.fromEntries(parts.flatMap(([name, tensors]) => (tensors[index] ? [[name, tensors[index]]] : []))))
      }
    } catch (error) {
      for (const item of batch) item.reject(error)
    } finally {
      this.busy--
      this.pump()
    }
  }

  private dropAborted(): void {
    const aborted = this.queue.filter(({ signal }) => signal?.aborted === true)
    if (aborted.length === 0) return
    this.queue = this.queue.filter(({ signal }) => signal?.aborted !== true)
    for (const { reject, signal } of aborted) reject(signal?.reason)
  }
}
