import { ReeltagError } from '@reeltag/contracts'
import { Worker } from 'node:worker_threads'
import type { Lane } from './lane.js'
import type { LiveTensor, SessionOptions, SessionReply, SessionRequest } from './session-messages.js'
import type { TensorData, Tensors } from '../tensors/tensor.js'

interface Pending {
  readonly resolve: (outputs: Tensors) => void
  readonly reject: (error: ReeltagError) => void
}

/**
 * ONNX Runtime for Linux reports sessions, models and errors to Microsoft, and keeps an id of the machine in the home
 * folder. It asks the process once, before the first session, whether it may. A thread's own environment is a copy
 * that the library does not see, so this is said here and not in the worker.
 */
const keepToItself = (): void => {
  process.env['ORT_DISABLE_TELEMETRY'] = '1'
}

/** One ONNX session in a thread of its own: `run` blocks the thread it is called on. */
export class SessionLane implements Lane {
  private readonly pending = new Map<number, Pending>()
  private readonly exited: Promise<void>
  private nextId = 0
  private dead: ReeltagError | undefined

  private constructor(
    private readonly worker: Worker,
    readonly inputs: readonly LiveTensor[],
    readonly outputs: readonly LiveTensor[],
  ) {
    worker.on('message', (reply: SessionReply) => this.settle(reply))
    worker.on('error', (error) => this.die(`the session's thread failed: ${error.message}`))
    this.exited = new Promise((resolve) => {
      worker.once('exit', () => {
        this.die("the session's thread ended")
        resolve()
      })
    })
  }

  /** @throws PROVIDER_UNAVAILABLE, MODEL_MISMATCH */
  static async open(options: SessionOptions): Promise<SessionLane> {
    keepToItself()
    const worker = new Worker(new URL('./session.worker.js', import.meta.url), { workerData: options })
    const reply = await firstReply(worker)
    if (reply.kind === 'open') return new SessionLane(worker, reply.inputs, reply.outputs)
    const detail = reply.kind === 'refused' ? reply.detail : 'unexpected reply'
    if (isMemoryProblem(detail)) throw new ReeltagError('MODEL_MEMORY', `${options.graphFile}: ${detail}`)
    // The session names its one provider, so that the runtime refuses where it would otherwise fall back to the CPU.
    if (options.device !== 'cpu')
      throw new ReeltagError('PROVIDER_UNAVAILABLE', `${options.device} cannot be used here: ${detail}`)
    throw new ReeltagError('MODEL_MISMATCH', `${options.graphFile} cannot be opened: ${detail}`)
  }

  get alive(): boolean {
    return this.dead === undefined
  }

  /** Input buffers are handed over to the thread and are empty afterwards. @throws INFERENCE_FAILED */
  run(feeds: Tensors): Promise<Tensors> {
    const { dead } = this
    if (dead !== undefined) return Promise.reject(dead)
    const id = this.nextId++
    return new Promise((resolve, reject) => {
      const own = Object.fromEntries(
        Object.entries(feeds).map(([name, { data, dims }]) => [name, { data: wholeBuffer(data), dims }]),
      )
      const buffers = new Set(Object.values(own).map(({ data }) => data.buffer as ArrayBuffer))
      this.worker.postMessage({ kind: 'run', id, feeds: own } satisfies SessionRequest, [...buffers])
      this.pending.set(id, { resolve, reject })
    })
  }

  /** Returns when the thread has ended; runs under way are finished first. */
  async close(): Promise<void> {
    if (this.alive) this.worker.postMessage({ kind: 'close' } satisfies SessionRequest)
    await this.exited
  }

  private settle(reply: SessionReply): void {
    if (reply.kind !== 'done' && reply.kind !== 'failed') return
    const waiting = this.pending.get(reply.id)
    this.pending.delete(reply.id)
    if (reply.kind === 'done') waiting?.resolve(reply.outputs)
    else waiting?.reject(new ReeltagError('INFERENCE_FAILED', reply.detail))
  }

  private die(detail: string): void {
    const dead = (this.dead ??= new ReeltagError('INFERENCE_FAILED', detail))
    for (const { reject } of this.pending.values()) reject(dead)
    this.pending.clear()
  }
}

/** How the runtime and its providers report that memory ran out; there is no code for it. */
export const isMemoryProblem = (detail: string): boolean =>
  /bad_alloc|failed to allocate|out of memory|OUT_OF_MEMORY|ERR_WORKER_OUT_OF_MEMORY/i.test(detail)

/** If a view into a larger buffer (the pool of Node's Buffers) were transferred, its neighbours would go with it. */
const wholeBuffer = (data: TensorData): TensorData => (data.byteLength === data.buffer.byteLength ? data : data.slice())

const firstReply = (worker: Worker): Promise<SessionReply> =>
  new Promise((resolve) => {
    const refuse = (detail: string): void => resolve({ kind: 'refused', detail })
    worker.once('message', resolve)
    worker.once('error', (error) => refuse(error.message))
    worker.once('exit', (code) => refuse(`its thread ended with ${code}`))
  })
