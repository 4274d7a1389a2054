import { ReeltagError, type ErrorCode } from '@reeltag/contracts'
import fs from 'node:fs'

/** What a file is read for, in the code of its refusal. */
type Unreadable = Extract<ErrorCode, 'FILE_UNREADABLE' | 'LABELS_UNREADABLE'>

interface ReadOptions {
  /** Default FILE_UNREADABLE. */
  readonly code?: Unreadable
  /** Told how many more bytes were read. */
  readonly onBytes?: (count: number) => void
}

/**
 * The text of a file, piece by piece, without a byte order mark.
 * @throws `code` where it is not UTF-8, with the place of the first wrong byte and what to do: replacing what is not would
 * read another text
 */
export async function* utf8Of(
  file: string,
  { code = 'FILE_UNREADABLE', onBytes }: ReadOptions = {},
): AsyncGenerator<string> {
  const decoder = new Utf8Decoder(file, code)
  for await (const chunk of fs.createReadStream(file) as AsyncIterable<Buffer>) {
    const text = decoder.decode(chunk)
    onBytes?.(chunk.length)
    if (text !== '') yield text
  }
  const rest = decoder.end()
  if (rest !== '') yield rest
}

/** The whole text of a file, without a byte order mark. @throws FILE_UNREADABLE where there is none, or it is not UTF-8 */
export const readUtf8 = (file: string): string => {
  let bytes: Buffer
  try {
    bytes = fs.readFileSync(file)
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    throw new ReeltagError(
      'FILE_UNREADABLE',
      `${file}: ${missing ? 'name a file that exists' : 'the file cannot be opened'}`,
      {
        cause: error,
      },
    )
  }
  const decoder = new Utf8Decoder(file, 'FILE_UNREADABLE')
  return decoder.decode(bytes) + decoder.end()
}

/** A character of UTF-8 has four bytes at most, so this many of the last chunk may belong to the next. */
const openBytesMax = 3

class Utf8Decoder {
  private readonly decoder = new TextDecoder('utf-8', { fatal: true })
  private before = 0
  private tail = Buffer.alloc(0)

  constructor(
    private readonly file: string,
    private readonly code: Unreadable,
  ) {}

  decode(chunk: Buffer): string {
    if (this.before === 0) this.assertOneByteUnits(chunk)
    try {
      const text = this.decoder.decode(chunk, { stream: true })
      this.before += chunk.length
      this.tail = Buffer.concat([this.tail, chunk]).subarray(-openBytesMax)
      return text
    } catch (error) {
      throw this.refusal(chunk, error)
    }
  }

  /** What is left, and whether the last character is whole. */
  end(): string {
    try {
      return this.decoder.decode()
    } catch (error) {
      throw this.refusal(Buffer.alloc(0), error)
    }
  }

  /** UTF-16 may be valid UTF-8 full of U+0000, so it is told by what only UTF-16 has. */
  private assertOneByteUnits(first: Buffer): void {
    const mark = first.subarray(0, 2).toString('hex')
    const isNul = (odd: number) =>
      first.length >= 4 && first.subarray(0, 64).every((byte, index) => index % 2 !== odd || byte === 0)
    if (mark !== 'fffe' && mark !== 'feff' && !isNul(0) && !isNul(1)) return
    const encoding = mark === 'feff' || isNul(0) ? 'UTF-16BE' : 'UTF-16LE'
    throw this.toConvert(0, encoding, mark === 'fffe' || mark === 'feff' ? 'UTF-16' : encoding)
  }

  private refusal(chunk: Buffer, cause: unknown): ReeltagError {
    // Bytes of a character that began in the last chunk come first. All before them is valid.
    const open = openPart(this.tail)
    const bytes = Buffer.concat([open, chunk])
    const offset = this.before - open.length + validLength(bytes)
    const encoding = isGb18030(bytes) ? 'GB18030 (GBK)' : undefined
    return this.toConvert(offset, encoding, encoding === undefined ? undefined : 'GB18030', cause)
  }

  private toConvert(offset: number, looksLike?: string, from = 'THE-ENCODING', cause?: unknown): ReeltagError {
    const guess = looksLike === undefined ? '' : `; it looks like ${looksLike}`
    const remedy = `convert it, e.g. iconv -f ${from} -t UTF-8 "${this.file}", or save it as "CSV UTF-8"`
    return new ReeltagError(this.code, `${this.file} is not UTF-8 at byte ${offset}${guess}: ${remedy}`, { cause })
  }
}

/** The bytes at the end of valid UTF-8 that begin a character and do not end it. */
const openPart = (tail: Buffer): Buffer => {
  const lead = tail.findLastIndex((byte) => (byte & 0xc0) !== 0x80)
  if (lead === -1) return Buffer.alloc(0)
  const byte = tail[lead] ?? 0
  const whole = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
  return tail.length - lead < whole ? tail.subarray(lead) : Buffer.alloc(0)
}

/** How many bytes come before the first that is no UTF-8. A cut character at the end counts as wrong. */
const validLength = (bytes: Buffer): number => {
  let [valid, tried] = [0, bytes.length]
  while (valid < tried) {
    const middle = Math.ceil((valid + tried) / 2)
    if (isValidBegin(bytes.subarray(0, middle))) valid = middle
    else tried = middle - 1
  }
  return valid - openPart(bytes.subarray(Math.max(0, valid - openBytesMax), valid)).length
}

const isValidBegin = (bytes: Buffer): boolean => decodes('utf-8', bytes)

/** A piece may end within a character, so the end is not judged. */
const isGb18030 = (bytes: Buffer): boolean => decodes('gb18030', bytes)

const decodes = (encoding: string, bytes: Buffer): boolean => {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true })
    return true
  } catch {
    return false
  }
}
