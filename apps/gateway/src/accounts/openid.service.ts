import { Injectable } from '@nestjs/common'
import { ReeltagError } from '@reeltag/contracts'
import type { OpenIdConfig } from '@reeltag/platform'
import * as openid from 'openid-client'
import type { Person } from './sign-in.service.js'

/** What the browser keeps from the way to the provider until the way back. */
export interface Errand {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
  readonly returnTo: string
}

/** Authorization code with PKCE, state and nonce (OpenID Connect Core 1.0, section 3.1; RFC 7636; RFC 9700). */
@Injectable()
export class OpenIdService {
  private discovered: Promise<openid.Configuration> | undefined

  constructor(private readonly config: OpenIdConfig | undefined) {}

  /** @throws OPENID_UNAVAILABLE where none is set up */
  get settings(): OpenIdConfig {
    if (this.config === undefined) throw new ReeltagError('OPENID_UNAVAILABLE', 'OPENID_ISSUER is not set')
    return this.config
  }

  /** @returns where the browser goes, and what it must bring back. @throws OPENID_UNAVAILABLE */
  async begin(callback: string, returnTo: string): Promise<{ url: string; errand: Errand }> {
    const provider = await this.provider()
    const verifier = openid.randomPKCECodeVerifier()
    const [state, nonce] = [openid.randomState(), openid.randomNonce()]
    const url = openid.buildAuthorizationUrl(provider, {
      redirect_uri: callback,
      scope: this.settings.scopes,
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
    })
    return { url: url.href, errand: { state, nonce, verifier, returnTo } }
  }

  /**
   * @param url with which the browser came back
   * @throws OPENID_UNAVAILABLE; SIGN_IN_REFUSED where the provider refused, or the answer is not to this browser's question
   */
  async finish(url: URL, { state, nonce, verifier }: Errand): Promise<Person> {
    const provider = await this.provider()
    const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true }
    try {
      const tokens = await openid.authorizationCodeGrant(provider, url, checks)
      const claims = tokens.claims()
      if (claims === undefined) throw new Error('the provider sent no ID token')
      // Many providers put e-mail address and groups only here.
      const info = provider.serverMetadata().userinfo_endpoint
        ? await openid.fetchUserInfo(provider, tokens.access_token, claims.sub)
        : {}
      return this.personOf(claims.iss, claims.sub, { ...info, ...claims })
    } catch (error) {
      if (error instanceof ReeltagError) throw error
      throw new ReeltagError('SIGN_IN_REFUSED', `the provider did not confirm it: ${messageOf(error)}`, {
        cause: error,
      })
    }
  }

  private personOf(issuer: string, subject: string, claims: Readonly<Record<string, unknown>>): Person {
    const text = (name: string): string | undefined =>
      typeof claims[name] === 'string' && claims[name] !== '' ? claims[name] : undefined
    const email = claims['email_verified'] === true ? text('email') : undefined
    const name = (text('name') ?? text('preferred_username') ?? email ?? subject).replaceAll(
      /[\p{Cc}\p{Zl}\p{Zp}]/gu,
      ' ',
    )
    const { roleClaim } = this.settings
    const roles = roleClaim === undefined ? undefined : [claims[roleClaim] ?? []].flat().map(String)
    return { issuer, subject, name: name.trim().slice(0, 100) || subject, email, roles }
  }

  /** A provider that was away is asked again the next time. */
  private provider(): Promise<openid.Configuration> {
    this.discovered ??= this.discover().catch((error: unknown) => {
      this.discovered = undefined
      throw new ReeltagError('OPENID_UNAVAILABLE', `${this.settings.issuer}: ${messageOf(error)}`, { cause: error })
    })
    return this.discovered
  }

  private async discover(): Promise<openid.Configuration> {
    const { issuer, clientId, clientSecret } = this.settings
    const authentication = clientSecret === undefined ? openid.None() : undefined
    // Over http a provider is on this machine: the configuration refuses others.
    const execute = issuer.startsWith('http:') ? [openid.allowInsecureRequests] : []
    return openid.discovery(new URL(issuer), clientId, clientSecret, authentication, { execute })
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
