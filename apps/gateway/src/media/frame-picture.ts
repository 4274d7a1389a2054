// One frame is a window on the filmstrip, as an SVG that carries the strip. The gateway decodes no pictures.

/** Pixels of a WebP that was compressed with loss, as filmstrips are; undefined for anything else. */
const webpSize = (bytes: Buffer): { width: number; height: number } | undefined => {
  if (bytes.length < 30 || bytes.toString('latin1', 8, 16) !== 'WEBPVP8 ') return undefined
  return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff }
}

/**
 * @param strip a filmstrip of `frames` pictures of equal width
 * @param index which of them, from 0
 * @returns an SVG as large as that picture; undefined where there is none
 */
export const framePicture = (strip: Buffer, frames: number, index: number): Buffer | undefined => {
  const size = webpSize(strip)
  if (size === undefined || index >= frames) return undefined
  const width = size.width / frames
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${size.height}" viewBox="0 0 ${width} ${size.height}">` +
      `<image x="${-index * width}" width="${size.width}" height="${size.height}" ` +
      `href="data:image/webp;base64,${strip.toString('base64')}"/></svg>`,
  )
}
