import { ReeltagError } from '@reeltag/contracts'
import type { z } from 'zod'

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Decodes and parses JSON without repairing it. Replacing invalid UTF-8, or taking the last of two fields with the same
 * name, would tag a different text from the one that was sent.
 * @throws TEXT_NOT_UTF8, BODY_NOT_JSON, BODY_INVALID
 */
export const parseStrictJson = (bytes: Uint8Array): unknown => {
  let text: string
  try {
    text = utf8.decode(bytes)
  } catch (error) {
    throw new ReeltagError('TEXT_NOT_UTF8', 'the JSON is not valid UTF-8', { cause: error })
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new ReeltagError('BODY_NOT_JSON', error instanceof Error ? error.message : 'not JSON', { cause: error })
  }
  refuseRepeatedFields(text)
  return value
}

/** Strings, and what opens and closes objects and arrays; the loop is unrolled so that long strings do not backtrack. */
const token = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}[\]]/g

/** @param text valid JSON */
const refuseRepeatedFields = (text: string): void => {
  const open: Set<string>[] = []
  for (const [found, colon] of text.matchAll(token)) {
    if (found === '{' || found === '[') open.push(new Set())
    else if (found === '}' || found === ']') open.pop()
    else if (colon !== undefined) {
      const field = JSON.parse(found.slice(0, -colon.length)) as string
      const fields = open.at(-1)
      if (fields?.has(field) === true) throw issue(field.slice(0, 100), 'stands there twice')
      fields?.add(field)
    }
  }
}

const issue = (path: string, message: string): ReeltagError =>
  new ReeltagError('BODY_INVALID', `${path}: ${message}`, { extensions: { issues: [{ path, message }] } })

const issuesMax = 20

/** A body, by its schema. @throws BODY_INVALID with the issues, path by path */
export const validate = <S extends z.ZodType>(schema: S, value: unknown): z.infer<S> =>
  checked(schema, value, { code: 'BODY_INVALID', whole: 'body' })

/** The query parameters of a request, by their schema. @throws QUERY_INVALID with the issues, parameter by parameter */
export const validateQuery = <S extends z.ZodType>(schema: S, query: unknown): z.infer<S> =>
  checked(schema, query, { code: 'QUERY_INVALID', whole: 'query' })

const checked = <S extends z.ZodType>(
  schema: S,
  value: unknown,
  { code, whole }: { readonly code: 'BODY_INVALID' | 'QUERY_INVALID'; readonly whole: string },
): z.infer<S> => {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.slice(0, issuesMax).map(({ path, message }) => ({ path: path.join('.'), message }))
  const detail = issues.map(({ path, message }) => `${path || whole}: ${message}`).join('; ')
  throw new ReeltagError(code, detail, { extensions: { issues } })
}

/** A request as far as a route reads it that takes JSON. */
export interface WithBody {
  readonly body: unknown
}

/** The body of a request that must be JSON. @throws BODY_NOT_JSON, TEXT_NOT_UTF8, MEDIA_TYPE_UNSUPPORTED */
export const readJson = (body: unknown): unknown => {
  // The parser of application/json leaves the bytes as they came.
  if (Buffer.isBuffer(body)) return parseStrictJson(body)
  throw new ReeltagError('MEDIA_TYPE_UNSUPPORTED', 'send application/json')
}

/** @throws BODY_INVALID if a request has a body that nobody would read */
export const noBody = (body: unknown): void => {
  const text = Buffer.isBuffer(body) ? body.toString('latin1').trim() : ''
  if (text !== '' && text !== '{}') throw new ReeltagError('BODY_INVALID', 'this call takes no body')
}
