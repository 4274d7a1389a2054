import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * The token by which a page shows that it is ours (OWASP, CSRF prevention: HMAC-based token). It follows from the
 * session's secret, so that it needs no storage and ends with the session; the secret does not follow from it.
 */
export const csrfTokenOf = (sessionToken: string): string =>
  createHmac('sha256', sessionToken).update('reeltag csrf').digest('base64url')

export const isCsrfToken = (given: string, sessionToken: string): boolean => {
  const [a, b] = [Buffer.from(given), Buffer.from(csrfTokenOf(sessionToken))]
  return a.length === b.length && timingSafeEqual(a, b)
}
