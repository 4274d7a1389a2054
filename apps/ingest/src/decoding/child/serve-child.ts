import { Refusal } from './refusal.js'
import { encodeMessage, MessageReader, type Message, type SamplingPlan } from '../wire.js'

/** Bytes of the file that only the parent has open. */
export type ReadBytes = (offset: number, length: number) => Promise<Buffer>

const toRefusal = (error: unknown): Message => {
  const code = error instanceof Refusal ? error.code : 'MEDIA_UNDECODABLE'
  return { kind: 'refused', header: { code, detail: error instanceof Error ? error.message : String(error) } }
}

/**
 * What a decoder child does for all its life. The whole of its process sees hostile bytes: it has no environment, no file
 * and no address; it asks its parent for bytes of one file at a time, and dies with it.
 * @param sample makes the frames; it throws a Refusal to say why there are none
 */
export const serveChild = (sample: (plan: SamplingPlan, read: ReadBytes) => Promise<Message>): void => {
  let answer: ((bytes: Buffer) => void) | undefined
  const say = (message: Message): void => void process.stdout.write(encodeMessage(message))
  const read: ReadBytes = (offset, length) =>
    new Promise((resolve) => {
      answer = resolve
      say({ kind: 'read', header: { offset, length } })
    })
  const reader = new MessageReader((message) => {
    if (message.kind === 'bytes') answer?.(message.body)
    else if (message.kind === 'plan') void sample(message.header, read).catch(toRefusal).then(say)
  })
  process.stdin.on('data', (chunk: Buffer) => reader.push(chunk))
  // By force, because an orderly exit waits for native threads, and a stuck thread would keep the process alive.
  for (const gone of ['end', 'error'] as const) process.stdin.on(gone, () => process.kill(process.pid, 'SIGKILL'))
}
