import { ReeltagError } from '@reeltag/contracts'
import { setTimeout as sleep } from 'node:timers/promises'
import { cut, join, type Tensors } from '../tensors/tensor.js'

export interface BatchLimits {
  /** Most rows (frames, texts, contents) that one run takes. */
  readonly batchMax: number
  /** How long an item waits for others while work is coming in, milliseconds. */
  readonly delayMsMax: number
  /** Most rows that wait. More are refused with INFERENCE_OVERLOADED. */
  readonly queueMax: number
}

interface Item {
  readonly feeds: Tensors
  readonly rows: number
  readonly since: number
  readonly cause: string | undefined
  readonly resolve: (outputs: Tensors) => void
  readonly reject: (error: unknown) => void
}

const drainPollMs = 20

type Run = (feeds: Tensors) => Promise<Tensors>
type OnBatch = (rows: number, seconds: number, causes: readonly string[]) => void

/**
 * Joins the items of several callers into one run along axis 0. While every lane is busy, items collect and the next
 * run takes them together, so batches grow with the load. An idle batcher runs an item at once.
 */
export class MicroBatcher {
  private queue: Item[] = []
  private readonly running = new Set<Promise<void>>()
  private waitingRows = 0
  private endedAt = Number.NEGATIVE_INFINITY
  private timer: NodeJS.Timeout | undefined
  private closed = false

  constructor(
    private readonly run: Run,
    private readonly lanes: number,
    private readonly limits: BatchLimits,
    private readonly onBatch: OnBatch = () => undefined,
    private readonly causeOf: () => string | undefined = () => undefined,
  ) {}

  /** @throws INFERENCE_OVERLOADED, the signal's reason, or whatever the run fails with */
  async submit(feeds: Tensors, signal?: AbortSignal): Promise<Tensors> {
    signal?.throwIfAborted()
    if (this.closed) throw new ReeltagError('INFERENCE_FAILED', 'the model is closed')
    const rows = Object.values(feeds)[0]?.dims[0] ?? 0
    if (this.waitingRows > 0 && this.waitingRows + rows > this.limits.queueMax) {
      throw new ReeltagError('INFERENCE_OVERLOADED', `${this.waitingRows} rows wait already`)
    }
    let forget = (): void => undefined
    const outputs = new Promise<Tensors>((resolve, reject) => {
      const item: Item = { feeds, rows, since: performance.now(), cause: this.causeOf(), resolve, reject }
      forget = () => {
        this.keep((other) => other !== item)
        reject(signal?.reason)
      }
      signal?.addEventListener('abort', forget, { once: true })
      this.queue.push(item)
      this.waitingRows += rows
      this.pump()
    })
    return outputs.finally(() => signal?.removeEventListener('abort', forget))
  }

  /** Refuses what waits, and returns when nothing runs any more. */
  async close(): Promise<void> {
    this.closed = true
    clearTimeout(this.timer)
    const refused = this.queue
    this.keep(() => false)
    for (const { reject } of refused) reject(new ReeltagError('INFERENCE_FAILED', 'the model was closed'))
    await Promise.all(this.running)
  }

  /** Returns when nothing waits and nothing runs. */
  async drain(): Promise<void> {
    while (this.queue.length > 0 || this.running.size > 0) await sleep(drainPollMs)
  }

  private pump(): void {
    while (this.running.size < this.lanes && this.queue.length > 0) {
      const wait = this.remainingDelay()
      if (wait > 0) return this.wakeIn(wait)
      this.dispatch(this.takeBatch())
    }
  }

  /** Where nothing has run lately no company is on its way, and waiting for it would only cost time. */
  private remainingDelay(): number {
    const now = performance.now()
    const quiet = this.running.size === 0 && now - this.endedAt > this.limits.delayMsMax
    if (quiet || this.waitingRows >= this.limits.batchMax) return 0
    return (this.queue[0]?.since ?? now) + this.limits.delayMsMax - now
  }

  private wakeIn(ms: number): void {
    this.timer ??= setTimeout(() => {
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
    this.waitingRows -= rows
    return this.queue.splice(0, count)
  }

  private dispatch(batch: readonly Item[]): void {
    const attempt = this.runTogether(batch)
      .catch((error: unknown) => this.afterFailure(batch, error))
      .finally(() => {
        this.running.delete(attempt)
        this.endedAt = performance.now()
        this.pump()
      })
    this.running.add(attempt)
  }

  private async runTogether(batch: readonly Item[]): Promise<void> {
    const rows = batch.map((item) => item.rows)
    const feeds = join(batch.map((item) => item.feeds))
    const started = performance.now()
    const outputs = await this.run(feeds)
    this.onBatch(
      rows.reduce((sum, count) => sum + count, 0),
      (performance.now() - started) / 1_000,
      batch.flatMap(({ cause }) => cause ?? []),
    )
    for (const [index, part] of cut(outputs, rows).entries()) batch[index]?.resolve(part)
  }

  private async afterFailure(batch: readonly Item[], error: unknown): Promise<void> {
    // An unavailable server would fail every item, each after its own timeout.
    const away = error instanceof ReeltagError && error.isOutage
    if (batch.length > 1 && !away) return this.runApart(batch)
    for (const { reject } of batch) reject(error)
  }

  /** One item may have made the model fail. The others must not fail with it. */
  private async runApart(batch: readonly Item[]): Promise<void> {
    for (const item of batch) await this.runTogether([item]).catch(item.reject)
  }

  private keep(wanted: (item: Item) => boolean): void {
    this.queue = this.queue.filter(wanted)
    this.waitingRows = this.queue.reduce((sum, { rows }) => sum + rows, 0)
  }
}
