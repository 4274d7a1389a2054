import { createHmac, timingSafeEqual } from 'node:crypto'

export const mediaKinds = ['original', 'rendition', 'filmstrip', 'frame'] as const
export type MediaKind = (typeof mediaKinds)[number]

/** One file of one content. */
export interface MediaAddress {
  readonly workspaceId: string
  readonly contentId: string
  readonly kind: MediaKind
  /** Which frame; 0 for what is no frame. */
  readonly index: number
}

export interface MediaGrant extends MediaAddress {
  /** Seconds since 1970. */
  readonly expires: number
}

// workspace (16) · content (16) · kind (1) · index (2) · expires (4) · HMAC-SHA256 (32)
const uuidBytes = 16
const kindAt = 2 * uuidBytes
const indexAt = kindAt + 1
const expiresAt = indexAt + 2
const signedBytes = expiresAt + 4
const tokenBytes = signedBytes + 32
/** Put before what is signed, so that no other use of the secret can make a token. */
const purpose = 'reeltag media 1\n'

/** @returns base64url; everything in it is signed */
export const writeToken = (grant: MediaGrant, secret: Uint8Array): string => {
  const bytes = Buffer.alloc(signedBytes)
  bytes.write(grant.workspaceId.replaceAll('-', ''), 0, 'hex')
  bytes.write(grant.contentId.replaceAll('-', ''), uuidBytes, 'hex')
  bytes.writeUInt8(mediaKinds.indexOf(grant.kind), kindAt)
  bytes.writeUInt16BE(grant.index, indexAt)
  bytes.writeUInt32BE(grant.expires, expiresAt)
  return Buffer.concat([bytes, sign(bytes, secret)]).toString('base64url')
}

/** What a token grants; undefined unless it was signed with this secret. It may have expired. */
export const readToken = (token: string, secret: Uint8Array): MediaGrant | undefined => {
  const bytes = Buffer.from(token, 'base64url')
  // One spelling a token, because decoding passes over what is not base64url.
  if (bytes.length !== tokenBytes || bytes.toString('base64url') !== token) return undefined
  const signed = bytes.subarray(0, signedBytes)
  if (!timingSafeEqual(bytes.subarray(signedBytes), sign(signed, secret))) return undefined
  const kind = mediaKinds[signed.readUInt8(kindAt)]
  if (kind === undefined) return undefined
  return {
    workspaceId: uuidAt(signed, 0),
    contentId: uuidAt(signed, uuidBytes),
    kind,
    index: signed.readUInt16BE(indexAt),
    expires: signed.readUInt32BE(expiresAt),
  }
}

const sign = (bytes: Uint8Array, secret: Uint8Array): Buffer =>
  createHmac('sha256', secret).update(purpose).update(bytes).digest()

const uuidAt = (bytes: Buffer, offset: number): string =>
  bytes.toString('hex', offset, offset + uuidBytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
