import {
  AV_CODEC_ID_NONE,
  AV_DISPOSITION_ATTACHED_PIC,
  AV_NOPTS_VALUE,
  AV_PKT_DATA_DISPLAYMATRIX,
  AVDISCARD_ALL,
  AVMEDIA_TYPE_VIDEO,
  AVSEEK_FLAG_BACKWARD,
  AVSEEK_SIZE,
} from 'node-av/constants'
import {
  avGetCodecName,
  Codec,
  CodecContext,
  Dictionary,
  FormatContext,
  Frame,
  IOContext,
  Packet,
  type Stream,
} from 'node-av/lib'
import { readOrientation, type Orientation } from './orientation.js'
import { Refusal } from './refusal.js'
import { readBytesMax, type SamplingPlan } from '../wire.js'

export type ReadBytes = (offset: number, length: number) => Promise<Buffer>

const readBytes = 256 * 1024
// Formats that refer to other files (HLS, DASH, concat, image sequences) are not listed, so they cannot be opened.
const formats = 'mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,flv,asf'
const microseconds = 1_000_000

/** A video that is open for decoding: one stream, one thread, bytes from a callback. */
export class VideoSource {
  private readonly packet = new Packet()
  private readonly frame = new Frame()
  /** Given to the decoder so far. */
  packetsDecoded = 0
  packetsDamaged = 0

  private constructor(
    private readonly format: FormatContext,
    private readonly io: IOContext,
    private readonly decoder: CodecContext,
    private readonly stream: Stream,
  ) {
    this.packet.alloc()
    this.frame.alloc()
  }

  /** @throws Refusal */
  static async open(plan: SamplingPlan, read: ReadBytes): Promise<VideoSource> {
    const io = openIo(plan.bytes, read)
    const format = new FormatContext()
    format.allocContext()
    format.pb = io
    const options = Dictionary.fromObject({
      format_whitelist: formats,
      protocol_whitelist: 'none',
      probesize: 5_000_000,
    })
    if ((await format.openInput('', null, options)) < 0)
      throw new Refusal('MEDIA_UNRECOGNISED', 'no known container could be opened')
    if (format.nbStreams > plan.streamsMax) throw new Refusal('MEDIA_TOO_MANY_STREAMS', `${format.nbStreams} streams`)
    if (format.streams.some(lacksParameters)) await format.findStreamInfo()
    const stream = pickStream(format)
    const { width, height } = stream.codecpar
    if (width * height > plan.pixelsMax) throw new Refusal('MEDIA_TOO_MANY_PIXELS', `${width}×${height}`)
    const decoder = await openDecoder(stream, plan.pixelsMax)
    for (const other of format.streams) if (other.index !== stream.index) other.discard = AVDISCARD_ALL
    return new VideoSource(format, io, decoder, stream)
  }

  get width(): number {
    return this.stream.codecpar.width
  }

  get height(): number {
    return this.stream.codecpar.height
  }

  /** As FFmpeg calls it; null if it has no name. */
  get codec(): string | null {
    return avGetCodecName(this.stream.codecpar.codecId)
  }

  get orientation(): Orientation {
    return readOrientation(this.stream.codecpar.getCodedSideData(AV_PKT_DATA_DISPLAYMATRIX))
  }

  /** Seconds per unit of the stream's timestamps. */
  get unit(): number {
    const { num, den } = this.stream.timeBase
    return den === 0 ? 1 / microseconds : num / den
  }

  get startPts(): bigint {
    return this.stream.startTime === AV_NOPTS_VALUE ? 0n : this.stream.startTime
  }

  /** According to the container, in seconds; 0 if unknown. */
  get declaredSeconds(): number {
    if (this.stream.duration > 0n) return Number(this.stream.duration) * this.unit
    return this.format.duration > 0n ? Number(this.format.duration) / microseconds : 0
  }

  /** Moves to the last keyframe at or before a timestamp. @returns false where the container cannot seek */
  async seek(pts: bigint): Promise<boolean> {
    this.decoder.flushBuffers()
    return (await this.format.seekFrame(this.stream.index, pts, AVSEEK_FLAG_BACKWARD)) >= 0
  }

  /** Timestamp of the next packet of the picture, without decoding it; undefined at the end. The packet is consumed. */
  async nextPacket(): Promise<{ pts: bigint; key: boolean } | undefined> {
    for (;;) {
      this.packet.unref()
      if ((await this.format.readFrame(this.packet)) < 0) return undefined
      if (this.packet.streamIndex !== this.stream.index) continue
      const pts = this.packet.pts === AV_NOPTS_VALUE ? this.packet.dts : this.packet.pts
      return { pts, key: this.packet.isKeyframe }
    }
  }

  /** The packet that `nextPacket` found, to be decoded after others were read; freed by who holds it. */
  hold(): Packet {
    const held = this.packet.clone()
    if (held === null) throw new Error('no memory for a packet')
    return held
  }

  /** Decodes one packet, and no other. @returns its frame, valid until the next call */
  async decodeAlone(packet: Packet): Promise<Frame | undefined> {
    this.decoder.flushBuffers()
    if ((await this.send(packet)) < 0) return undefined
    await this.send(null)
    const received = await this.decoder.receiveFrame(this.frame)
    this.decoder.flushBuffers()
    this.countIfDamaged(received < 0 || this.frame.decodeErrorFlags !== 0)
    return received >= 0 ? this.frame : undefined
  }

  /** Every frame from here to the end, in the order of display. A damaged packet loses only its own frame. */
  async *frames(): AsyncGenerator<Frame> {
    let ended = false
    while (!ended) {
      const packet = await this.nextPacket()
      ended = packet === undefined
      await this.send(packet === undefined ? null : this.packet)
      while ((await this.decoder.receiveFrame(this.frame)) >= 0) {
        this.countIfDamaged(this.frame.decodeErrorFlags !== 0)
        yield this.frame
      }
    }
    this.decoder.flushBuffers()
  }

  private async send(packet: Packet | null): Promise<number> {
    const sent = await this.decoder.sendPacket(packet)
    if (packet !== null) {
      this.packetsDecoded++
      this.countIfDamaged(sent < 0)
    }
    return sent
  }

  private countIfDamaged(isDamaged: boolean): void {
    if (isDamaged) this.packetsDamaged++
  }

  async close(): Promise<void> {
    this.packet.free()
    this.frame.free()
    this.decoder.freeContext()
    await this.format.closeInput()
    this.io.freeContext()
  }
}

const openIo = (bytes: number, read: ReadBytes): IOContext => {
  let position = 0
  const onRead = async (length: number): Promise<Buffer | null> => {
    const wanted = Math.min(length, readBytesMax, bytes - position)
    if (wanted <= 0) return null
    const chunk = await read(position, wanted)
    position += chunk.length
    return chunk.length === 0 ? null : chunk
  }
  const onSeek = (offset: bigint, whence: number): bigint => {
    if (whence === Number(AVSEEK_SIZE)) return BigInt(bytes)
    const base = whence === 1 ? position : whence === 2 ? bytes : 0
    position = Math.max(0, base + Number(offset))
    return BigInt(position)
  }
  const io = new IOContext()
  io.allocContextWithCallbacks(readBytes, 0, onRead, null, onSeek)
  return io
}

const lacksParameters = ({ codecpar }: Stream): boolean =>
  codecpar.codecType === AVMEDIA_TYPE_VIDEO && (codecpar.width === 0 || codecpar.codecId === AV_CODEC_ID_NONE)

const pickStream = (format: FormatContext): Stream => {
  const index = format.findBestStream(AVMEDIA_TYPE_VIDEO)
  const stream = format.streams[index]
  // The cover picture of a song is not a video.
  if (index < 0 || stream === undefined || (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) !== 0) {
    throw new Refusal('MEDIA_NO_VIDEO_STREAM', 'the file has no video stream')
  }
  return stream
}

const openDecoder = async (stream: Stream, pixelsMax: number): Promise<CodecContext> => {
  const codec = Codec.findDecoder(stream.codecpar.codecId)
  if (codec === null) throw new Refusal('MEDIA_UNDECODABLE', 'there is no decoder for this codec')
  const decoder = new CodecContext()
  decoder.allocContext3(codec)
  decoder.parametersToContext(stream.codecpar)
  decoder.threadCount = 1
  decoder.pktTimebase = stream.timeBase
  if ((await decoder.open2(codec, Dictionary.fromObject({ max_pixels: pixelsMax }))) < 0) {
    throw new Refusal('MEDIA_UNDECODABLE', 'the decoder does not open this stream')
  }
  return decoder
}
