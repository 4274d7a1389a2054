import { ReeltagError } from '@reeltag/contracts'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs/promises'
import path from 'node:path'

/** Stands in the built page where the nonce of each answer goes; Vite writes it (`html.cspNonce`). */
export const noncePlaceholder = '__CSP_NONCE__'

export interface IndexPage {
  readonly html: string
  /** The Content-Security-Policy that fits the page. */
  readonly policy: string
}

/**
 * The page of the dashboard, read anew each time, so that a new build needs no restart.
 * @throws DASHBOARD_MISSING
 */
export const readIndexPage = async (folder: string): Promise<IndexPage> => {
  const file = path.join(folder, 'index.html')
  const html = await fs.readFile(file, 'utf8').catch((cause: unknown) => {
    throw new ReeltagError('DASHBOARD_MISSING', `${file} cannot be read`, { cause })
  })
  const nonce = randomBytes(18).toString('base64')
  const styles = html.includes(noncePlaceholder) ? `'nonce-${nonce}'` : "'unsafe-inline'"
  return { html: html.replaceAll(noncePlaceholder, nonce), policy: policyOf(styles) }
}

/**
 * Scripts come as files of this server, and from nowhere else. Style elements that the components make while they run
 * carry the nonce of the page; style attributes, as charts write them into their tooltips, cannot run anything.
 */
const policyOf = (styles: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' ${styles}`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
