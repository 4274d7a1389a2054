import { ReeltagError } from '@reeltag/contracts'
import fs from 'node:fs'

/**
 * The text of a file, piece by piece, without a byte order mark.
 * @param onBytes told how many more bytes were read
 * @throws LABELS_UNREADABLE where it is not UTF-8: replacing what is not would store another text
 */
export async function* utf8Of(file: string, onBytes: (count: number) => void): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let bytes = 0
  const decode = (chunk?: Buffer): string => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true })
    } catch (error) {
      throw new ReeltagError('LABELS_UNREADABLE', `${file} is not UTF-8 behind byte ${bytes}`, { cause: error })
    }
  }
  for await (const chunk of fs.createReadStream(file) as AsyncIterable<Buffer>) {
    const text = decode(chunk)
    bytes += chunk.length
    onBytes(chunk.length)
    if (text !== '') yield text
  }
  const rest = decode()
  if (rest !== '') yield rest
}
