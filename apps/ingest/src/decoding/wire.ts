import type { ErrorCode } from '@reeltag/contracts'

/**
 * The protocol of a decoder child: length-prefixed messages on its standard input and output.
 *
 *   parent → child   `plan` the caps and what is wanted · `bytes` the answer to a read
 *   child → parent   `read` bytes of the video · `frames` the result · `refused` why there is none
 *
 * A message is: total length (u32), kind (u8), header length (u32), header (JSON), body. The child sees a video only
 * through reads: it knows no path, and has no descriptor but these two.
 */
export interface SamplingPlan {
  /** Bytes in the video. */
  readonly bytes: number
  readonly frames: number
  /** Side of the square frame, pixels. */
  readonly size: number
  readonly pixelsMax: number
  readonly secondsMax: number
  readonly streamsMax: number
}

export interface SampledMeta {
  readonly frames: number
  readonly size: number
  readonly timesMs: readonly number[]
  readonly durationMs: number
  /** As displayed, after rotation. */
  readonly width: number
  readonly height: number
  /** How many frames were decoded: more than were kept if several shared a keyframe. */
  readonly packetsDecoded: number
  /** Share of these that gave an error, or a picture with errors; absent where the decoder cannot tell. */
  readonly damaged?: number | undefined
  /** Of the picture, as FFmpeg calls it: `h264`; absent where the decoder cannot tell. */
  readonly codec?: string | undefined
  /** Bytes of the tensor; the filmstrip follows it in the body. */
  readonly tensorBytes: number
}

/** Reasons that a child may give for refusing a video. */
export const refusalCodes = [
  'MEDIA_UNRECOGNISED',
  'MEDIA_UNDECODABLE',
  'MEDIA_NO_VIDEO_STREAM',
  'MEDIA_TOO_MANY_PIXELS',
  'MEDIA_TOO_MANY_STREAMS',
  'MEDIA_TOO_LONG',
] as const satisfies ErrorCode[]
export type RefusalCode = (typeof refusalCodes)[number]

/** The most that one read may ask for. FFmpeg asks for a whole packet, however large, but accepts less. */
export const readBytesMax = 4 * 2 ** 20

export type Message =
  | { readonly kind: 'plan'; readonly header: SamplingPlan; readonly body?: undefined }
  | { readonly kind: 'bytes'; readonly header: null; readonly body: Buffer }
  | {
      readonly kind: 'read'
      readonly header: { readonly offset: number; readonly length: number }
      readonly body?: undefined
    }
  | { readonly kind: 'frames'; readonly header: SampledMeta; readonly body: Buffer }
  | {
      readonly kind: 'refused'
      readonly header: { readonly code: RefusalCode; readonly detail: string }
      readonly body?: undefined
    }

const kinds = ['plan', 'bytes', 'read', 'frames', 'refused'] as const
const prefixBytes = 9

export const encodeMessage = ({ kind, header, body }: Message): Buffer => {
  const json = Buffer.from(JSON.stringify(header))
  const prefix = Buffer.alloc(prefixBytes)
  prefix.writeUInt32LE(5 + json.length + (body?.length ?? 0), 0)
  prefix.writeUInt8(kinds.indexOf(kind), 4)
  prefix.writeUInt32LE(json.length, 5)
  return Buffer.concat(body === undefined ? [prefix, json] : [prefix, json, body])
}

/** Cuts a stream of chunks into messages. */
export class MessageReader {
  private chunks: Buffer[] = []
  private buffered = 0

  /** @param bytesMax of the next message; asked when its length is known, before its bytes are waited for */
  constructor(
    private readonly onMessage: (message: Message) => void,
    private readonly bytesMax: () => number = () => Number.POSITIVE_INFINITY,
  ) {}

  /** @throws RangeError where the peer announces a message that is too long */
  push(chunk: Buffer): void {
    this.chunks.push(chunk)
    this.buffered += chunk.length
    for (;;) {
      const needed = this.nextLength()
      if (needed === undefined || this.buffered < needed) return
      const whole = this.chunks.length === 1 ? (this.chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(this.chunks)
      const rest = whole.subarray(needed)
      this.chunks = rest.length > 0 ? [rest] : []
      this.buffered = rest.length
      this.onMessage(decode(whole.subarray(4, needed)))
    }
  }

  private nextLength(): number | undefined {
    if (this.buffered < 4) return undefined
    if ((this.chunks[0]?.length ?? 0) < 4) this.chunks = [Buffer.concat(this.chunks)]
    const length = this.chunks[0]?.readUInt32LE(0) ?? 0
    if (length > this.bytesMax()) throw new RangeError(`a message of ${length} bytes`)
    return 4 + length
  }
}

const decode = (message: Buffer): Message => {
  const kind = kinds[message.readUInt8(0)]
  const headerEnd = 5 + message.readUInt32LE(1)
  if (kind === undefined) throw new RangeError('a message of no known kind')
  const header = JSON.parse(message.subarray(5, headerEnd).toString()) as never
  return { kind, header, body: message.subarray(headerEnd) as never }
}
