import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common'
import { traceIdOf, type Logger } from '@reeltag/platform'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { languageOf, toKnownError, toProblem } from './problem.js'
import { traceparentOf } from './watch-requests.js'

const retryAfterSeconds = 5

/** Every error leaves as a problem document with a stable code. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp()
    this.send(thrown, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>())
  }

  send(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const error = toKnownError(thrown)
    if (error.status >= 500)
      this.logger.error(
        {
          err: error,
          code: error.code,
          requestId: request.id,
          traceId: traceIdOf(traceparentOf(request)),
          url: request.url,
        },
        'a request failed',
      )
    // The client may have disconnected during the upload, so nobody can be answered.
    if (reply.sent || request.raw.socket.destroyed) return
    const { retryAfter } = error.extensions
    if (typeof retryAfter === 'number') void reply.header('retry-after', String(retryAfter))
    else if (error.status === 503) void reply.header('retry-after', String(retryAfterSeconds))
    if (error.status === 401) void reply.header('www-authenticate', 'Bearer')
    const language = languageOf(request.headers['accept-language'])
    void reply
      .status(error.status)
      .header('content-language', language)
      .type('application/problem+json')
      .send(toProblem(error, { language, instance: request.id }))
  }
}
