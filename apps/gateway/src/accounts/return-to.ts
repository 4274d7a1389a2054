import { ReeltagError } from '@reeltag/contracts'

const somewhere = 'http://reeltag.invalid'

/**
 * A path of this server, as a browser will read it. Browsers drop tabs and line breaks, take `\` for `/`, and resolve
 * dots, so the path is judged after the same rules (WHATWG URL). What leads to another host is refused (open redirect).
 * @throws QUERY_INVALID
 */
export const returnToOf = (text: string): string => {
  const url = text.startsWith('/') && URL.canParse(text, somewhere) ? new URL(text, somewhere) : undefined
  const path = url === undefined ? '' : `${url.pathname}${url.search}${url.hash}`
  // `/.//host` is on this host, but what is left of it is not.
  const isOurs = url?.origin === somewhere && path.startsWith('/') && !path.startsWith('//')
  if (!isOurs) throw new ReeltagError('QUERY_INVALID', 'returnTo: takes a path of this server, such as /app/')
  return path
}
