import { ReeltagError } from '@reeltag/contracts'

export interface ModelServer {
  /** What `v2/…` is appended to. */
  readonly url: string
  /** How long one request may take, the reading of its answer included. */
  readonly timeoutMs: number
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Buffer
}

interface Question {
  readonly body?: Uint8Array
  readonly headers?: Readonly<Record<string, string>>
  /** The answer may have as many bytes and no more. */
  readonly bytesMax?: number
}

/** Room for metadata, for what an error says, and for the header of an answer. */
export const headerBytesMax = 2 ** 16
const saidMax = 200

/** Whether it is up. @throws MODEL_SERVER_UNAVAILABLE, MODEL_SERVER_INVALID */
export const checkModelServer = async (server: ModelServer): Promise<void> => {
  const answer = await ask(server, 'v2/health/live')
  if (answer.status !== 200) throw refusal(server, answer)
}

/**
 * One request over the Open Inference Protocol (KServe v2). Every byte that comes back is somebody else's: it is read up
 * to a limit, until a deadline, and a redirection is an answer like any other.
 * @throws MODEL_SERVER_UNAVAILABLE, MODEL_SERVER_INVALID
 */
export const ask = async (server: ModelServer, path: string, question: Question = {}): Promise<Answer> => {
  const { body, headers, bytesMax = headerBytesMax } = question
  try {
    const response = await fetch(`${server.url.replace(/\/+$/, '')}/${path}`, {
      ...(body === undefined ? {} : { method: 'POST', body }),
      headers: { accept: 'application/json', 'accept-encoding': 'identity', ...headers },
      redirect: 'manual',
      signal: AbortSignal.timeout(server.timeoutMs),
    })
    return { status: response.status, headers: response.headers, body: await readUpTo(response, bytesMax) }
  } catch (error) {
    if (error instanceof ReeltagError) throw error
    throw new ReeltagError('MODEL_SERVER_UNAVAILABLE', `${hostOf(server)}: ${reasonOf(error, server)}`, {
      cause: error,
    })
  }
}

/** An answer that is no 200 and says nothing of the model. */
export const refusal = (server: ModelServer, answer: Answer): ReeltagError =>
  new ReeltagError(
    answer.status >= 500 || isBusy(answer) ? 'MODEL_SERVER_UNAVAILABLE' : 'MODEL_SERVER_INVALID',
    detailOf(server, answer),
  )

/** An inference that was answered with no 200, by a model that had been there. */
export const inferenceRefusal = (server: ModelServer, answer: Answer): ReeltagError => {
  const { status } = answer
  // What the model fails on is answered with 400 by some servers and with 500 by others.
  if (status < 400 || isBusy(answer)) return refusal(server, answer)
  return new ReeltagError(status === 404 ? 'MODEL_NOT_SERVED' : 'INFERENCE_FAILED', detailOf(server, answer))
}

/** Nothing that another input would change: no right, no time, no room, nobody behind the proxy. */
const isBusy = ({ status }: Answer): boolean => [401, 403, 408, 425, 429, 502, 503, 504].includes(status)

const detailOf = (server: ModelServer, { status, body }: Answer): string =>
  `${hostOf(server)} answers ${status}${said(body)}`

export const hostOf = ({ url }: ModelServer): string => `the model server at ${new URL(url).host}`

const readUpTo = async ({ body }: Response, bytesMax: number): Promise<Buffer> => {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.length
    if (bytes > bytesMax)
      throw new ReeltagError('MODEL_SERVER_INVALID', `the model server's answer is longer than ${bytesMax} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const reasonOf = (error: unknown, { timeoutMs }: ModelServer): string => {
  const { name, message, cause } = error as Error
  if (name === 'TimeoutError') return `timeout: no whole answer within ${timeoutMs} ms`
  const { code, message: below } = (cause ?? {}) as { code?: string; message?: string }
  return [message, code, below].filter((part) => part !== undefined && part !== '').join(': ')
}

/** A server says in words what it did not like; words of a stranger, so few and printable ones. */
const said = (body: Buffer): string => {
  const text = /"error"\s*:\s*"((?:[^"\\]|\\.)*)/.exec(body.toString('utf8'))?.[1] ?? ''
  const printable = text.replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, ' ').slice(0, saidMax)
  return printable === '' ? '' : `: ${printable}`
}
