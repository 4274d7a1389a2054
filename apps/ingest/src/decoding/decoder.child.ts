import './with-resolvers.js'
import { AV_LOG_QUIET } from 'node-av/constants'
import { Log } from 'node-av/lib'
import { swapsSides } from './orientation.js'
import { pickFrames } from './pick-frames.js'
import { filmstrip } from './picture.js'
import { Refusal } from './refusal.js'
import { VideoSource } from './video-source.js'
import { encodeMessage, MessageReader, type Message, type SamplingPlan } from './wire.js'

// The whole of this process sees hostile bytes. It has no environment, no file and no address; it asks its parent for
// bytes of one video at a time, and dies with it.
Log.setLevel(AV_LOG_QUIET)

let answer: ((bytes: Buffer) => void) | undefined
const say = (message: Message): void => void process.stdout.write(encodeMessage(message))

const read = (offset: number, length: number): Promise<Buffer> =>
  new Promise((resolve) => {
    answer = resolve
    say({ kind: 'read', header: { offset, length } })
  })

const sample = async (plan: SamplingPlan): Promise<Message> => {
  const video = await VideoSource.open(plan, read)
  try {
    const { pictures, durationSeconds } = await pickFrames(video, plan)
    const tensor = Buffer.concat(pictures.map(({ square }) => square))
    const swapped = swapsSides(video.orientation)
    const header = {
      frames: pictures.length,
      size: plan.size,
      timesMs: pictures.map(({ pts }) => Math.max(0, Math.round(Number(pts - video.startPts) * video.unit * 1_000))),
      durationMs: Math.round(durationSeconds * 1_000),
      width: swapped ? video.height : video.width,
      height: swapped ? video.width : video.height,
      packetsDecoded: video.packetsDecoded,
      tensorBytes: tensor.length,
    }
    return { kind: 'frames', header, body: Buffer.concat([tensor, await filmstrip(pictures)]) }
  } finally {
    await video.close()
  }
}

const reader = new MessageReader((message) => {
  if (message.kind === 'bytes') answer?.(message.body)
  else if (message.kind === 'plan') void sample(message.header).catch(toRefusal).then(say)
})

const toRefusal = (error: unknown): Message => {
  const code = error instanceof Refusal ? error.code : 'MEDIA_UNDECODABLE'
  return { kind: 'refused', header: { code, detail: error instanceof Error ? error.message : String(error) } }
}

process.stdin.on('data', (chunk: Buffer) => reader.push(chunk))
// By force: an orderly exit waits for native threads, and one that is stuck would outlive its parent.
for (const gone of ['end', 'error'] as const) process.stdin.on(gone, () => process.kill(process.pid, 'SIGKILL'))
