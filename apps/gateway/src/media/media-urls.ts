import { Injectable } from '@nestjs/common'
import { ReeltagError } from '@reeltag/contracts'
import { MediaRepository } from './media.repository.js'
import { readToken, writeToken, type MediaAddress, type MediaGrant } from './media-token.js'

/** An address lives at least this long, and at most twice as long. */
const lifeSeconds = 600

/** Addresses of media that need neither key nor cookie, signed and short-lived, because a player sends no headers. */
@Injectable()
export class MediaUrls {
  private secret: Promise<Uint8Array> | undefined

  constructor(private readonly media: MediaRepository) {}

  /** When addresses that are made now end, in seconds since 1970. In steps, so that browsers find them in their cache. */
  expiry(now = Date.now()): number {
    return (Math.floor(now / 1_000 / lifeSeconds) + 2) * lifeSeconds
  }

  /** @returns a path on this server */
  async urlOf(grant: MediaGrant): Promise<string> {
    return `/media/${writeToken(grant, await this.key())}`
  }

  /** @throws NOT_FOUND where nobody here has signed it, MEDIA_URL_EXPIRED */
  async verify(token: string, now = Date.now()): Promise<MediaAddress & Pick<MediaGrant, 'expires'>> {
    const grant = readToken(token, await this.key())
    if (grant === undefined) throw new ReeltagError('NOT_FOUND', 'there is no such file')
    if (grant.expires * 1_000 <= now)
      throw new ReeltagError('MEDIA_URL_EXPIRED', 'ask for the media of the content again')
    return grant
  }

  private key(): Promise<Uint8Array> {
    this.secret ??= this.media.secret().catch((error: unknown) => {
      this.secret = undefined
      throw error
    })
    return this.secret
  }
}
