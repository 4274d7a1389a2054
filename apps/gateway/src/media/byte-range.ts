import type { ByteRange } from '@reeltag/platform'

/**
 * The bytes that a Range header asks for (RFC 9110, section 14.2): one range, or the last bytes.
 * @param size bytes in the file, at least 1
 * @returns `all` without a header, and for one that may be ignored: another unit, several ranges, not well formed;
 *   `none` where the range lies outside the file
 */
export const byteRange = (header: string | undefined, size: number): ByteRange | 'all' | 'none' => {
  const [, from = '', to = ''] = /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(header ?? '') ?? []
  if (from === '' && to === '') return 'all'
  // A number that is too long becomes Infinity, which lies outside every file.
  if (from === '') {
    const bytes = Number(to)
    return bytes === 0 ? 'none' : { first: Math.max(0, size - bytes), last: size - 1 }
  }
  const first = Number(from)
  const last = to === '' ? size - 1 : Math.min(Number(to), size - 1)
  // The wrong way round is not well formed; it does not lie outside.
  if (to !== '' && Number(to) < first) return 'all'
  return first >= size ? 'none' : { first, last }
}
