import { Role } from '@reeltag/contracts'
import { z } from 'zod'

const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Passwords and sessions cross the network in the clear over http, so only loopback may speak it. */
const secureUrl = (text: string): boolean => {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopback.has(url.hostname))
}
const address = z.url({ protocol: /^https?$/ }).refine(secureUrl, 'https://…; http:// only on this machine')

const integer = (fallback: number, min: number, max: number) =>
  z.coerce.number().int().min(min).max(max).default(fallback)

/** How people reach the dashboard, and how they sign in. */
export const accountVariables = {
  PUBLIC_URL: address
    .refine((text) => URL.canParse(text) && text === new URL(text).origin, 'no path, and no slash at the end')
    .optional(),
  PROXIES_TRUSTED: z
    .string()
    .transform((value) => value.split(',').map((item) => item.trim()))
    .pipe(
      z.array(
        z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], 'addresses or networks of proxies, such as 10.0.0.0/8'),
      ),
    )
    .optional(),
  SESSION_IDLE_MINUTES: integer(120, 5, 10_080),
  SESSION_HOURS_MAX: integer(12, 1, 720),
  OPENID_ISSUER: address.optional(),
  OPENID_CLIENT_ID: z.string().optional(),
  OPENID_CLIENT_SECRET: z.string().optional(),
  OPENID_NAME: z.string().max(100).default('OpenID'),
  OPENID_SCOPES: z
    .string()
    .regex(/(^| )openid( |$)/, 'scopes separated by spaces, openid among them')
    .default('openid profile email'),
  OPENID_ROLE_CLAIM: z.string().optional(),
  OPENID_NEW_USERS: z.enum(['refuse', ...Role.options]).default('refuse'),
  OPENID_WORKSPACE: z.string().default('default'),
}
const Accounts = z.object(accountVariables)
type AccountVariables = z.infer<typeof Accounts>

/** Combinations of variables that cannot work together. */
export const accountProblems = (e: AccountVariables): string[] => [
  ...((e.OPENID_ISSUER === undefined) === (e.OPENID_CLIENT_ID === undefined)
    ? []
    : ['OPENID_ISSUER and OPENID_CLIENT_ID: give both or neither（须同时提供）']),
  ...(e.OPENID_CLIENT_SECRET !== undefined && e.OPENID_ISSUER === undefined
    ? ['OPENID_CLIENT_SECRET: say whose secret it is with OPENID_ISSUER（请同时设置 OPENID_ISSUER）']
    : []),
]

/** The provider with which people sign in. */
export interface OpenIdConfig {
  readonly issuer: string
  readonly clientId: string
  /** If absent, the provider trusts PKCE alone. */
  readonly clientSecret: string | undefined
  /** What the button on the sign-in page says. */
  readonly name: string
  readonly scopes: string
  /** The claim that holds the role; if absent, administrators set roles. */
  readonly roleClaim: string | undefined
  /** What becomes of people whom nobody has added. */
  readonly newUsers: 'refuse' | Role
  /** The workspace that people enter. */
  readonly workspace: string
}

export const toAccountsConfig = (e: AccountVariables) => ({
  /** Where browsers reach the gateway; if absent, where the request at hand did. */
  publicUrl: e.PUBLIC_URL,
  sessions: { idleMinutes: e.SESSION_IDLE_MINUTES, hoursMax: e.SESSION_HOURS_MAX },
  openId: toOpenId(e),
})

const toOpenId = (e: AccountVariables): OpenIdConfig | undefined =>
  e.OPENID_ISSUER === undefined || e.OPENID_CLIENT_ID === undefined
    ? undefined
    : {
        issuer: e.OPENID_ISSUER,
        clientId: e.OPENID_CLIENT_ID,
        clientSecret: e.OPENID_CLIENT_SECRET,
        name: e.OPENID_NAME,
        scopes: e.OPENID_SCOPES,
        roleClaim: e.OPENID_ROLE_CLAIM,
        newUsers: e.OPENID_NEW_USERS,
        workspace: e.OPENID_WORKSPACE,
      }
