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
 * One request over the Open Inference Protocol (KServe v2). The answer is not trusted: it is read up to a limit and a
 * deadline, and redirections are not followed.
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

/** An answer other than 200 that says nothing about the model. */
export const refusal = (server: ModelServer, answer: Answer): ReeltagError =>
  new ReeltagError(
    answer.status >= 500 || isBusy(answer) ? 'MODEL_SERVER_UNAVAILABLE' : 'MODEL_SERVER_INVALID',
    detailOf(server, answer),
  )

/** An inference that was answered with a status other than 200, by a model that was ready before. */
export const inferenceRefusal = (server: ModelServer, answer: Answer): ReeltagError => {
  const { status } = answer
  // If the model fails on an input, some servers answer 400 and others 500.
  if (status < 400 || isBusy(answer)) return refusal(server, answer)
  return new ReeltagError(status === 404 ? 'MODEL_NOT_SERVED' : 'INFERENCE_FAILED', detailOf(server, answer))
}

/** Statuses that do not depend on the input: no permission, timeout, overload, no server behind the proxy. */
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

/** The error message of the server. It is not trusted, so it is cut and limited to printable characters. */
const said = (body: Buffer): string => {
  const text = /"error"\s*:\s*"((?:[^"\\]|\\.)*)/.exec(body.toString('utf8'))?.[1] ?? ''
  const printable = text.replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, ' ').slice(0, saidMax)
  return printable === '' ? '' : `: ${printable}`
}
