import type { FastifyRequest } from 'fastify'
import { randomBytes } from 'node:crypto'

const valid = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/

/** The caller's W3C trace context, or the beginning of a trace where it sent none or a broken one. */
export const traceparentOf = ({ headers }: Pick<FastifyRequest, 'headers'>): string => {
  const { traceparent } = headers
  if (typeof traceparent === 'string' && valid.test(traceparent)) return traceparent
  return `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`
}
