import cookie from '@fastify/cookie'
import multipart from '@fastify/multipart'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger'
import { ReeltagError } from '@reeltag/contracts'
import type { Config, Logger, Metrics } from '@reeltag/platform'
import { randomUUID } from 'node:crypto'
import type { FastifyHttpOptions, FastifyReply, FastifyRequest } from 'fastify'
import { STATUS_CODES, type Server } from 'node:http'
import type { Socket } from 'node:net'
import { hostCheck } from './host-check.js'
import { toProblem } from './problem.js'
import { ProblemFilter } from './problem.filter.js'
import { requestIdOf, watchRequests } from './watch-requests.js'

const headerBytesMax = 32 * 1024
const requestTimeoutMs = 30 * 60_000
const headersTimeoutMs = 30_000

const byAddress = new Set(['/health/live', '/health/ready', '/metrics'])

/** The HTTP server, hardened, before Nest takes it over. */
const adapter = (config: Pick<Config, 'http' | 'uploads'>, filter: ProblemFilter): FastifyAdapter => {
  return new FastifyAdapter({
    bodyLimit: config.uploads.jsonBytesMax,
    routerOptions: { maxParamLength: 200 },
    requestTimeout: requestTimeoutMs,
    // A request without a Host is refused like one with an unknown Host, with a problem document.
    http: { maxHeaderSize: headerBytesMax, headersTimeout: headersTimeoutMs, requireHostHeader: false },
    forceCloseConnections: 'idle',
    genReqId: requestIdOf,
    // Only a proxy that is known may say on whose behalf it asks.
    trustProxy: config.http.proxiesTrusted.length > 0 ? [...config.http.proxiesTrusted] : false,
    clientErrorHandler: refuseMalformed,
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
      filter.send(error, request, reply),
  } as FastifyHttpOptions<Server>)
}

/**
 * How Nest builds the HTTP application: the adapter, and what is set up on the application before it listens.
 * @param describe adds to the OpenAPI document what decorators cannot say
 */
export const prepareServer = (
  {
    config,
    logger,
    metrics,
  }: { readonly config: Pick<Config, 'http' | 'uploads'>; readonly logger: Logger; readonly metrics: Metrics },
  describe: (openApi: OpenAPIObject) => void,
) => {
  const filter = new ProblemFilter(logger)
  return {
    adapter: adapter(config, filter),
    setUp: async (app: NestFastifyApplication): Promise<void> => {
      const check = hostCheck({ host: config.http.host, hostsAllowed: config.http.hostsAllowed })
      const fastify = app.getHttpAdapter().getInstance()
      await app.register(cookie)
      await app.register(multipart)
      watchRequests(fastify, logger, metrics)
      fastify.addHook('onRequest', async (request, reply) => {
        void reply.header('x-request-id', request.id).header('x-content-type-options', 'nosniff')
        // Probes and Prometheus use the address, from inside a cluster.
        if (!byAddress.has(request.url)) check(request.headers.host)
        // Postgres stores no U+0000, and refuses to look for it.
        if (/^[^?]*%00/.test(request.url)) throw new ReeltagError('NOT_FOUND', 'nothing has U+0000 in its name')
        return Promise.resolve()
      })
      // JSON stays bytes until it has been checked to be UTF-8.
      fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
        done(null, body),
      )
      app.useGlobalFilters(filter)
      document(app, describe)
    },
  }
}

/** Bytes that are not HTTP never become a request, but their sender also gets a problem document. */
const refuseMalformed = (error: NodeJS.ErrnoException, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const code = error.code === 'HPE_HEADER_OVERFLOW' ? 'HEADERS_TOO_LARGE' : 'REQUEST_MALFORMED'
  const refusal = new ReeltagError(code, error.message)
  const body = JSON.stringify(toProblem(refusal, { language: 'en', instance: randomUUID() }))
  const head = `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ''}\r\ncontent-type: application/problem+json`
  socket.end(`${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`)
}

const document = (app: NestFastifyApplication, describe: (openApi: OpenAPIObject) => void): void => {
  const options = new DocumentBuilder()
    .setTitle('Reeltag')
    .setDescription(
      'Tags short videos: submit a video with its text, read the path in the label tree. 短视频打标平台。',
    )
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer' })
    .addCookieAuth('__Host-reeltag', undefined, 'session')
    .build()
  const openApi = SwaggerModule.createDocument(app, options)
  alsoBySession(openApi)
  describe(openApi)
  SwaggerModule.setup('docs', app, openApi)
}

/** What a key may ask, a person may by the role; only what all workspaces share takes a key. */
const alsoBySession = ({ paths }: OpenAPIObject): void => {
  for (const operation of Object.values(paths).flatMap((path) => Object.values(path) as Operation[]))
    if (operation.security !== undefined && operation['x-reeltag-needs'] !== 'platform')
      operation.security = [...operation.security, { session: [] }]
}
interface Operation {
  security?: Record<string, string[]>[]
  readonly 'x-reeltag-needs'?: string
}
