import { z } from 'zod'
import { RoleName } from '../access.js'
import { request, response } from '../released.js'

/** Who is signed in, and what their browser needs to act. */
export const SessionView = response(
  'SessionView',
  z.object({
    user: z.object({ id: z.uuid(), name: z.string(), role: RoleName }),
    workspace: z.object({ id: z.uuid(), name: z.string() }),
    csrfToken: z.string().describe('goes into the header x-reeltag-csrf of every request that is not GET or HEAD'),
    expiresAt: z.iso.datetime().describe('if nothing more is asked for until then'),
  }),
)
export type SessionView = z.infer<typeof SessionView>

/** How people can sign in besides with a link. */
export const SignInProviders = response(
  'SignInProviders',
  z.object({ openId: z.object({ name: z.string() }).nullable() }),
)
export type SignInProviders = z.infer<typeof SignInProviders>

/** Signs in with the token of a one-time link. */
export const SignInWithLink = request(
  'SignInWithLink',
  z.strictObject({ token: z.string().regex(/^[\w-]{1,200}$/, 'letters, digits, _ and -') }),
)
export type SignInWithLink = z.infer<typeof SignInWithLink>
