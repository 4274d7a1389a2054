import { errorCodes, type ErrorCode } from '@reeltag/contracts'
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Health } from './health.js'
import { toListenError } from './listen-error.js'
import type { Metrics } from './metrics.js'

const requestTimeoutMs = 10_000
const headerBytesMax = 8 * 1024
const retryAfterSeconds = 5

interface Answer {
  readonly status: number
  readonly type: string
  readonly body: string
}

/**
 * Health and metrics of a process, from its first moment on: an orchestrator must be able to tell a process that loads
 * its models from one that hangs. A process that runs the gateway hands the port over when everything else is up.
 */
export class OperationsServer {
  private constructor(private readonly server: http.Server) {}

  /** @throws PORT_TAKEN, ADDRESS_UNUSABLE */
  static async open(at: { host: string; port: number }, health: Health, metrics: Metrics): Promise<OperationsServer> {
    const server = http.createServer(
      { requestTimeout: requestTimeoutMs, headersTimeout: requestTimeoutMs, maxHeaderSize: headerBytesMax },
      (request, response) => void respond(request, response, { health, metrics }),
    )
    await listen(server, at)
    return new OperationsServer(server)
  }

  get url(): string {
    const { address, port, family } = this.server.address() as AddressInfo
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close')
    this.server.close()
    this.server.closeAllConnections()
    await closed
  }
}

const listen = async (server: http.Server, { host, port }: { host: string; port: number }): Promise<void> => {
  try {
    server.listen(port, host)
    await once(server, 'listening')
  } catch (error) {
    throw toListenError(error, { host, port })
  }
}

interface Sources {
  readonly health: Health
  readonly metrics: Metrics
}

const respond = async (
  request: http.IncomingMessage,
  response: http.ServerResponse,
  sources: Sources,
): Promise<void> => {
  const { status, type, body } = await answer(request, sources).catch((error: unknown) =>
    problem('INTERNAL', error instanceof Error ? error.message : String(error)),
  )
  const retry = status === 503 ? { 'retry-after': String(retryAfterSeconds) } : {}
  response.writeHead(status, { 'content-type': type, 'x-content-type-options': 'nosniff', ...retry })
  response.end(request.method === 'HEAD' ? undefined : body)
}

const answer = async (request: http.IncomingMessage, { health, metrics }: Sources): Promise<Answer> => {
  const known = await answerOperations(request, { health, metrics })
  if (known !== undefined) return known
  // This comes before the check of method and path: a route of the gateway must not look unknown while the gateway
  // starts.
  if (!health.started) return problem('NOT_READY', 'this process is starting')
  if (!isRead(request)) return problem('METHOD_NOT_ALLOWED', 'only GET is answered here')
  return problem('NOT_FOUND', 'this process runs no gateway; it answers /health/live, /health/ready and /metrics')
}

const isRead = ({ method }: http.IncomingMessage): boolean => method === 'GET' || method === 'HEAD'

const answerOperations = async (
  request: http.IncomingMessage,
  { health, metrics }: Sources,
): Promise<Answer | undefined> => {
  if (!isRead(request)) return undefined
  const [path] = (request.url ?? '').split('?')
  if (path === '/health/live') return json(200, { status: 'ok' })
  if (path === '/health/ready') {
    const report = await health.report()
    return json(report.ready ? 200 : 503, report)
  }
  if (path === '/metrics')
    return { status: 200, type: metrics.registry.contentType, body: await metrics.registry.metrics() }
  return undefined
}

const json = (status: number, body: unknown): Answer => ({
  status,
  type: 'application/json; charset=utf-8',
  body: JSON.stringify(body),
})

const problem = (code: ErrorCode, detail: string): Answer => {
  const { status, title, remedy } = errorCodes[code]
  const body = { type: `/v1/errors#${code}`, title: title.en, status, detail, code, remedy: remedy.en }
  return { ...json(status, body), type: 'application/problem+json' }
}
