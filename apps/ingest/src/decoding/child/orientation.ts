/** How the stored picture maps to the displayed one: x' = xx·x + yx·y, y' = xy·x + yy·y, entries −1, 0 or 1. */
export interface Orientation {
  readonly xx: number
  readonly xy: number
  readonly yx: number
  readonly yy: number
}

export const upright: Orientation = { xx: 1, xy: 0, yx: 0, yy: 1 }

/**
 * Reads a container's display matrix (nine 32-bit fixed-point numbers, row-major; ISO/IEC 14496-12 §6.2.2). Turns by
 * quarters and flips are kept; anything else is rounded to the nearest of them.
 */
export const readOrientation = (matrix: Buffer | null): Orientation => {
  if (matrix === null || matrix.length < 36) return upright
  const [a = 0, b = 0, c = 0, d = 0] = [0, 4, 12, 16].map((offset) => matrix.readInt32LE(offset))
  const scale = Math.max(Math.abs(a), Math.abs(b), Math.abs(c), Math.abs(d))
  if (scale === 0) return upright
  const axis = (value: number): number => Math.sign(value) * Number(Math.abs(value) > scale / 2)
  const orientation = { xx: axis(a), xy: axis(b), yx: axis(c), yy: axis(d) }
  const determinant = orientation.xx * orientation.yy - orientation.xy * orientation.yx
  return Math.abs(determinant) === 1 ? orientation : upright
}

export const swapsSides = ({ xx }: Orientation): boolean => xx === 0

/** Turns an RGB picture as displayed. @returns width × height × 3 bytes; the sides are swapped where `swapsSides` */
export const orient = (rgb: Buffer, width: number, height: number, orientation: Orientation): Buffer => {
  const { xx, xy, yx, yy } = orientation
  if (xx === 1 && yy === 1) return rgb
  const [outWidth, outHeight] = swapsSides(orientation) ? [height, width] : [width, height]
  const out = Buffer.allocUnsafe(rgb.length)
  // Twice the distance from the centre keeps half pixels whole.
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [cx, cy] = [2 * x - width + 1, 2 * y - height + 1]
      const outX = (xx * cx + yx * cy + outWidth - 1) / 2
      const outY = (xy * cx + yy * cy + outHeight - 1) / 2
      const [from, to] = [(y * width + x) * 3, (outY * outWidth + outX) * 3]
      out[to] = rgb[from] ?? 0
      out[to + 1] = rgb[from + 1] ?? 0
      out[to + 2] = rgb[from + 2] ?? 0
    }
  }
  return out
}
