import { ReeltagError } from '@reeltag/contracts'
import type { ByteRange } from '@reeltag/platform'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ServerResponse } from 'node:http'
import { byteRange } from './byte-range.js'
import type { MediaFile } from './media.service.js'

/** Nothing in a file may run or load, wherever a browser shows it; a frame carries its picture inside. */
const policy = "default-src 'none'; img-src data:; sandbox"

/** Ends an answer of which its reader has taken nothing for so long, because each holds a file or a connection open. */
export const cutWhenIdle = (response: ServerResponse, idleMs: number): void => {
  response.setTimeout(idleMs, () => response.destroy())
}

interface Sending {
  readonly idleMs: number
  /** How long it may be kept, seconds. */
  readonly maxAge: number
}

/** Answers GET and HEAD of a file: whole, one range of it, or not at all where the browser has it. @throws RANGE_UNSATISFIABLE */
export const sendMedia = async (
  request: FastifyRequest,
  reply: FastifyReply,
  file: MediaFile,
  { idleMs, maxAge }: Sending,
): Promise<void> => {
  const { size, etag } = file
  void reply
    .header('accept-ranges', 'bytes')
    .header('etag', etag)
    .header('cache-control', `private, max-age=${maxAge}`)
    .header('content-disposition', 'inline')
    .header('content-security-policy', policy)
    .header('cross-origin-resource-policy', 'same-origin')
    .header('referrer-policy', 'no-referrer')
  if (names(request.headers['if-none-match'], etag)) return void (await reply.status(304).send())
  const range = rangeOf(request, etag, size)
  if (range === 'none') {
    void reply.header('content-range', `bytes */${size}`).header('cache-control', 'no-store')
    throw new ReeltagError('RANGE_UNSATISFIABLE', `the file has ${size} bytes`)
  }
  const part: ByteRange = range === 'all' ? { first: 0, last: size - 1 } : range
  const { first, last } = part
  // Opened before anything is said of it, because it may have gone.
  const body = request.method === 'HEAD' || size === 0 ? '' : await file.open(part)
  if (range !== 'all') void reply.status(206).header('content-range', `bytes ${first}-${last}/${size}`)
  cutWhenIdle(reply.raw, idleMs)
  await reply
    .type(file.mime)
    .header('content-length', last - first + 1)
    .send(body)
}

/** A range of another version of the file would not fit to what the browser has: it gets the whole (RFC 9110, 13.1.5). */
const rangeOf = ({ headers }: FastifyRequest, etag: string, size: number): ByteRange | 'all' | 'none' => {
  const only = headers['if-range']
  return only !== undefined && only !== etag ? 'all' : byteRange(headers.range, size)
}

const names = (header: string | undefined, etag: string): boolean =>
  header?.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === etag) ?? false
