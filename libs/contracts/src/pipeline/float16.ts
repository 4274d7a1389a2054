const scratch = new DataView(new ArrayBuffer(4))

/** IEEE 754 binary16 bits of a float, rounded to nearest, ties to even; beyond ±65504 it is infinity. */
const toHalf = (value: number): number => {
  scratch.setFloat32(0, value)
  const bits = scratch.getUint32(0)
  const sign = (bits >>> 16) & 0x8000
  const magnitude = bits & 0x7fffffff
  if (magnitude >= 0x7f800000) return sign | (magnitude > 0x7f800000 ? 0x7e00 : 0x7c00)
  if (magnitude >= 0x477ff000) return sign | 0x7c00
  // Below 2^-14 halves are subnormal: adding 0.5 lets the float unit do the rounding at the right bit.
  if (magnitude < 0x38800000) {
    scratch.setUint32(0, magnitude)
    const shifted = scratch.getFloat32(0) + 0.5
    scratch.setFloat32(0, shifted)
    return sign | (scratch.getUint32(0) - 0x3f000000)
  }
  const odd = (magnitude >>> 13) & 1
  return sign | ((magnitude - 0x38000000 + 0xfff + odd) >>> 13)
}

const fromHalf = (half: number): number => {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >>> 10) & 0x1f
  const fraction = half & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN
  return sign * (1 + fraction / 1_024) * 2 ** (exponent - 15)
}

/** Packs floats as little-endian binary16: how embeddings and scores are stored. */
export const toFloat16Bytes = (values: Float32Array): Buffer => {
  const bytes = Buffer.alloc(values.length * 2)
  for (const [index, value] of values.entries()) bytes.writeUInt16LE(toHalf(value), index * 2)
  return bytes
}

// All halves there are, looked up: millions are read where stored scores are decided again.
let floats: Float32Array | undefined
const floatOf = (): Float32Array => (floats ??= Float32Array.from({ length: 65_536 }, (_, half) => fromHalf(half)))

export const fromFloat16Bytes = (bytes: Uint8Array): Float32Array => {
  const table = floatOf()
  const values = new Float32Array(bytes.byteLength / 2)
  for (let i = 0; i < values.length; i++) values[i] = table[(bytes[2 * i] ?? 0) | ((bytes[2 * i + 1] ?? 0) << 8)] ?? NaN
  return values
}
