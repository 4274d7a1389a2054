/** An answer that is not what was asked for, as the platform says it (RFC 9457). */
export class ApiError extends Error {
  override readonly name = 'ApiError'

  constructor(
    readonly status: number,
    readonly code: string,
    title: string,
    readonly detail: string,
    readonly remedy: string,
  ) {
    super(title)
  }
}

/** No answer came. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError'
}

interface Hooks {
  csrfToken: string | undefined
  language: string
  /** The server knows no session any more. */
  onSignedOut: () => void
  onReachable: (reachable: boolean) => void
}

/** Set by the session and the shell. */
export const http: Hooks = {
  csrfToken: undefined,
  language: 'zh',
  onSignedOut: () => undefined,
  onReachable: () => undefined,
}

type Query = Readonly<Record<string, string | number | boolean | undefined | null>>

export interface Asked {
  readonly query?: Query
  readonly body?: unknown
  readonly signal?: AbortSignal
}

const withQuery = (path: string, query: Query = {}): string => {
  const entries = Object.entries(query).flatMap(([name, value]) =>
    value == null || value === '' ? [] : [[name, String(value)]],
  )
  return entries.length === 0 ? path : `${path}?${new URLSearchParams(entries).toString()}`
}

const problemOf = async (response: Response): Promise<ApiError> => {
  const body = (await response.json().catch(() => ({}))) as Record<string, string | undefined>
  return new ApiError(
    response.status,
    body['code'] ?? `HTTP_${response.status}`,
    body['title'] ?? response.statusText,
    body['detail'] ?? '',
    body['remedy'] ?? '',
  )
}

/**
 * Asks the platform with the session's cookie.
 * @throws ApiError for an answer that is a problem, NetworkError where none came
 */
export const ask = async <T>(method: string, path: string, { query, body, signal }: Asked = {}): Promise<T> => {
  const isForm = body instanceof FormData
  const headers: Record<string, string> = { 'accept-language': http.language, accept: 'application/json' }
  if (http.csrfToken !== undefined && method !== 'GET') headers['x-reeltag-csrf'] = http.csrfToken
  if (body !== undefined && !isForm) headers['content-type'] = 'application/json'
  let response: Response
  try {
    response = await fetch(withQuery(path, query), {
      method,
      headers,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    })
  } catch (error) {
    if (signal?.aborted === true) throw error
    http.onReachable(false)
    throw new NetworkError('the platform cannot be reached', { cause: error })
  }
  http.onReachable(true)
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T
  const problem = await problemOf(response)
  if (problem.status === 401 && problem.code.startsWith('SESSION')) http.onSignedOut()
  throw problem
}

export const get = <T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> =>
  ask<T>('GET', path, { ...(query === undefined ? {} : { query }), ...(signal === undefined ? {} : { signal }) })
export const post = <T>(path: string, body?: unknown): Promise<T> => ask<T>('POST', path, { body })
export const put = <T>(path: string, body?: unknown): Promise<T> => ask<T>('PUT', path, { body })
export const remove = <T>(path: string): Promise<T> => ask<T>('DELETE', path)
