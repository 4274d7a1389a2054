import {
  AV_PIX_FMT_RGB24,
  SWS_ACCURATE_RND,
  SWS_BICUBIC,
  SWS_FAST_BILINEAR,
  SWS_FULL_CHR_H_INP,
  SWS_FULL_CHR_H_INT,
} from 'node-av/constants'
import { FFmpegError, Frame, SoftwareScaleContext } from 'node-av/lib'
import sharp from 'sharp'
import { orient, swapsSides, type Orientation } from './orientation.js'

// Without full chroma swscale interpolates colour at half width; errors reach 40 grey levels.
const exactly = SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP
const stripHeight = 180
const stripQuality = 70

/** What is kept of a decoded frame: the square for the encoder, and the picture for people. */
export interface SampledPicture {
  readonly pts: bigint
  readonly square: Buffer
  readonly thumbnail: { readonly rgb: Buffer; readonly width: number; readonly height: number }
}

/** Scales inside swscale, squashing to the square without cropping, as the encoders were trained: Pillow's bicubic. */
export const takePicture = async (frame: Frame, size: number, orientation: Orientation): Promise<SampledPicture> => {
  const { width, height } = frame
  const square = await scale(frame, size, size, exactly)
  const [shownWidth, shownHeight] = swapsSides(orientation) ? [height, width] : [width, height]
  const thumbHeight = stripHeight
  const thumbWidth = Math.max(1, Math.min(4 * stripHeight, Math.round((shownWidth / shownHeight) * stripHeight)))
  const [w, h] = swapsSides(orientation) ? [thumbHeight, thumbWidth] : [thumbWidth, thumbHeight]
  return {
    pts: frame.bestEffortTimestamp,
    square: orient(square, size, size, orientation),
    thumbnail: {
      rgb: orient(await scale(frame, w, h, SWS_FAST_BILINEAR), w, h, orientation),
      width: thumbWidth,
      height: thumbHeight,
    },
  }
}

const scale = async (source: Frame, width: number, height: number, flags: number): Promise<Buffer> => {
  const context = new SoftwareScaleContext()
  context.allocContext()
  const options = {
    srcw: source.width,
    srch: source.height,
    src_format: source.format,
    dstw: width,
    dsth: height,
    dst_format: AV_PIX_FMT_RGB24,
    sws_flags: flags,
    // The cubic filter of Pillow, which training uses; the default of swscale is sharper.
    param0: 0,
    param1: 0.5,
  }
  for (const [name, value] of Object.entries(options)) FFmpegError.throwIfError(context.setOption(name, value), name)
  FFmpegError.throwIfError(context.initContext(), 'scaler')
  const target = new Frame()
  target.alloc()
  target.width = width
  target.height = height
  target.format = AV_PIX_FMT_RGB24
  target.getBuffer(0)
  try {
    await context.scaleFrame(target, source)
    return tight(target, width * 3, height)
  } finally {
    target.free()
    context.freeContext()
  }
}

/** FFmpeg pads rows for alignment; a tensor has none. */
const tight = (frame: Frame, rowBytes: number, rows: number): Buffer => {
  const plane = frame.data?.[0] ?? Buffer.alloc(0)
  const stride = frame.linesize[0] ?? rowBytes
  const out = Buffer.allocUnsafe(rowBytes * rows)
  for (let row = 0; row < rows; row++) plane.copy(out, row * rowBytes, row * stride, row * stride + rowBytes)
  return out
}

/** All pictures side by side, as one WebP. */
export const filmstrip = async (pictures: readonly SampledPicture[]): Promise<Buffer> => {
  const width = pictures.reduce((sum, { thumbnail }) => sum + thumbnail.width, 0)
  const strip = Buffer.alloc(width * stripHeight * 3)
  let left = 0
  for (const { thumbnail } of pictures) {
    for (let row = 0; row < thumbnail.height; row++) {
      thumbnail.rgb.copy(strip, (row * width + left) * 3, row * thumbnail.width * 3, (row + 1) * thumbnail.width * 3)
    }
    left += thumbnail.width
  }
  return sharp(strip, { raw: { width, height: stripHeight, channels: 3 } })
    .webp({ quality: stripQuality, effort: 0 })
    .toBuffer()
}
