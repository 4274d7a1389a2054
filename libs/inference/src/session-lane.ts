import { ReeltagError } from '@reeltag/contracts'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { LiveTensor, SessionOptions, SessionReply, SessionRequest } from './session-messages.js'
import type { Tensors } from './tensor.js'

interface Pending {
  readonly resolve: (outputs: Tensors) => void
  readonly reject: (error: ReeltagError) => void
}

/** One ONNX session in a thread of its own: `run` blocks the thread it is called on. */
export class SessionLane {
  private readonly pending = new Map<number, Pending>()
  private nextId = 0
  private dead: ReeltagError | undefined

  private constructor(
    private readonly worker: Worker,
    readonly inputs: readonly LiveTensor[],
    readonly outputs: readonly LiveTensor[],
  ) {
    worker.on('message', (reply: SessionReply) => this.settle(reply))
    worker.on('error', (error) => this.die(`the session's thread failed: ${error.message}`))
    worker.on('exit', () => this.die("the session's thread ended"))
  }

  /** @throws PROVIDER_UNAVAILABLE, MODEL_MISMATCH */
  static async open(options: SessionOptions): Promise<SessionLane> {
    // The CPU package falls back to CPU silently where an accelerator is asked for and absent; we refuse instead.
    if (options.device !== 'cpu') assertProvider(options.device)
    const worker = new Worker(new URL('./session.worker.js', import.meta.url), { workerData: options })
    const [reply] = (await once(worker, 'message')) as [SessionReply]
    if (reply.kind === 'open') return new SessionLane(worker, reply.inputs, reply.outputs)
    await worker.terminate()
    const detail = reply.kind === 'refused' ? reply.detail : 'unexpected reply'
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
      this.pending.set(id, { resolve, reject })
      const buffers = new Set(Object.values(feeds).map(({ data }) => data.buffer as ArrayBuffer))
      this.worker.postMessage({ kind: 'run', id, feeds } satisfies SessionRequest, [...buffers])
    })
  }

  async close(): Promise<void> {
    if (!this.alive) return
    const exited = once(this.worker, 'exit')
    this.worker.postMessage({ kind: 'close' } satisfies SessionRequest)
    await exited
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

const assertProvider = (device: string): never => {
  throw new ReeltagError('PROVIDER_UNAVAILABLE', `${device} is not among the providers of this build (cpu)`)
}
