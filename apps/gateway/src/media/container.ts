/** The media type of a video by its first bytes, and whether browsers in general open such a container. */
export interface Container {
  readonly mime: string
  readonly playable: boolean
}

/** How many of the first bytes `containerOf` looks at. */
export const containerBytes = 512

const unknown: Container = { mime: 'application/octet-stream', playable: false }
const unplayable = (mime: string): Container => ({ mime, playable: false })
const playable = (mime: string): Container => ({ mime, playable: true })

/** Containers that ingest opens. What begins otherwise is nothing that a browser may interpret. */
export const containerOf = (start: Buffer): Container => {
  const ascii = start.toString('latin1')
  const number = start.length < 4 ? 0 : start.readUInt32BE(0)
  if (ascii.startsWith('ftyp', 4)) {
    if (ascii.startsWith('qt  ', 8)) return unplayable('video/quicktime')
    return ascii.startsWith('3g', 8) ? unplayable('video/3gpp') : playable('video/mp4')
  }
  if (number === 0x1a45dfa3) return ascii.includes('webm') ? playable('video/webm') : unplayable('video/x-matroska')
  if (ascii.startsWith('RIFF') && ascii.startsWith('AVI ', 8)) return unplayable('video/x-msvideo')
  if (ascii.startsWith('FLV')) return unplayable('video/x-flv')
  if (number === 0x3026b275) return unplayable('video/x-ms-asf')
  if (number === 0x000001ba) return unplayable('video/mpeg')
  if (start[0] === 0x47 && start[188] === 0x47) return unplayable('video/mp2t')
  return unknown
}

/** Codecs of the picture that Chromium, Firefox and Safari decode everywhere, by FFmpeg's names. HEVC is none of them. */
const playableCodecs = new Set(['h264', 'vp8', 'vp9', 'av1'])

/**
 * Whether browsers in general play a video.
 * @param codec as sampling found it; undefined where it is not known, and then the container alone decides
 */
export const isPlayable = ({ playable: opens }: Container, codec: string | undefined): boolean =>
  opens && (codec === undefined || playableCodecs.has(codec))
