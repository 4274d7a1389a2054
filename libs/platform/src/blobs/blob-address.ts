import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

export interface S3Address {
  readonly kind: 's3'
  readonly bucket: string
  /** Put before every key; empty, or ends in a slash. */
  readonly prefix: string
  /** Of an S3 that is not Amazon's. */
  readonly endpoint: string | undefined
  readonly region: string | undefined
  /** True where the bucket is the first part of the path rather than of the host's name. */
  readonly pathStyle: boolean
}

export type BlobAddress = { readonly kind: 'folder'; readonly folder: string } | S3Address

const S3Options = z.strictObject({
  endpoint: z.string().refine(isEndpoint, 'endpoint is http:// or https://, a host, and nothing else').optional(),
  region: z
    .string()
    .regex(/^[a-z0-9-]+$/, 'region is a name such as eu-central-1')
    .optional(),
  pathStyle: z.enum(['true', 'false'], 'pathStyle is true or false').optional(),
})

function isEndpoint(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  const bare = url.username === '' && url.password === '' && url.search === '' && url.hash === ''
  return /^https?:$/.test(url.protocol) && bare && url.pathname === '/'
}

/** Reads BLOB_URL: `file:/folder`, or `s3://bucket/prefix?endpoint=…&region=…&pathStyle=true`. @throws Error, saying why */
export const parseBlobAddress = (text: string): BlobAddress => {
  if (text.startsWith('file://')) return { kind: 'folder', folder: fileURLToPath(text) }
  if (text.startsWith('file:')) return { kind: 'folder', folder: path.resolve(text.slice('file:'.length)) }
  if (text.startsWith('s3://') && URL.canParse(text)) return parseS3(new URL(text))
  throw new Error('file:/folder, or s3://bucket/prefix?endpoint=…&region=…&pathStyle=true')
}

const parseS3 = (url: URL): S3Address => {
  if (url.username !== '' || url.password !== '')
    throw new Error('credentials do not belong into the address; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY')
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(url.host)) throw new Error(`${url.host} is not the name of a bucket`)
  const options = S3Options.safeParse(Object.fromEntries(url.searchParams))
  if (!options.success) throw new Error(options.error.issues.map(({ message }) => message).join(', '))
  const { endpoint, region, pathStyle } = options.data
  const prefix = decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, '')
  return {
    kind: 's3',
    bucket: url.host,
    prefix: prefix === '' ? '' : `${prefix}/`,
    endpoint,
    // Servers other than Amazon's ignore it, but the signature needs one.
    region: region ?? (endpoint === undefined ? undefined : 'us-east-1'),
    pathStyle: pathStyle === undefined ? endpoint !== undefined : pathStyle === 'true',
  }
}
