import { newTraceparent, parseTraceparent, traceIdOf, type Logger, type Metrics } from '@reeltag/platform'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

const acceptable = /^[\w.-]{8,64}$/
/** Machines call these every few seconds, so they are counted but not logged. */
const unlogged = new Set(['/health/live', '/health/ready', '/metrics'])

/** The caller's `x-request-id` if it is harmless, so that its logs and ours can be joined; otherwise a new id. */
export const requestIdOf = ({ headers }: Pick<IncomingMessage, 'headers'>): string => {
  const given = headers['x-request-id']
  return typeof given === 'string' && acceptable.test(given) ? given : randomUUID()
}

/** The trace that the caller names for this request; null if there is none or it cannot be parsed. */
export const callersTraceparent = ({ headers }: Pick<FastifyRequest, 'headers'>): string | null => {
  const { traceparent } = headers
  return typeof traceparent === 'string' && parseTraceparent(traceparent) !== undefined ? traceparent : null
}

/** The trace of a request: of its caller, or one that begins here. The same for every reader of one request. */
export const traceparentOf = (request: FastifyRequest): string => {
  const known = begun.get(request.raw)
  if (known !== undefined) return known
  const traceparent = callersTraceparent(request) ?? newTraceparent()
  begun.set(request.raw, traceparent)
  return traceparent
}
const begun = new WeakMap<IncomingMessage, string>()

/**
 * One line and one observation for each request. The label is the route pattern, because paths would make endless
 * labels.
 */
export const watchRequests = (fastify: FastifyInstance, logger: Logger, metrics: Metrics): void => {
  const seconds = metrics.histogram('reeltag_http_request_duration_seconds', 'Time from a request to its answer', [
    'method',
    'route',
    'status',
  ])
  fastify.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown'
    const { method } = request
    seconds.observe({ method, route, status: String(reply.statusCode) }, reply.elapsedTime / 1_000)
    if (!unlogged.has(route)) logger.info(toLine(request, reply, route), 'request')
    return Promise.resolve()
  })
}

const toLine = (request: FastifyRequest, reply: FastifyReply, route: string): object => {
  const contentId = contentIdOf(request, reply)
  return {
    requestId: request.id,
    traceId: traceIdOf(traceparentOf(request)),
    ...(contentId === undefined ? {} : { contentId }),
    method: request.method,
    route,
    status: reply.statusCode,
    durationMs: Math.round(reply.elapsedTime),
  }
}

const contentIdOf = (request: FastifyRequest, reply: FastifyReply): string | undefined => {
  const location = reply.getHeader('location')
  const [, accepted] = /^\/v1\/contents\/([\w-]+)$/.exec(typeof location === 'string' ? location : '') ?? []
  if (accepted !== undefined) return accepted
  const { id } = (request.params ?? {}) as { id?: string }
  return request.routeOptions.url?.startsWith('/v1/contents/:id') === true ? id?.slice(0, 36) : undefined
}
