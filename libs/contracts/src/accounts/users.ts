import { z } from 'zod'
import { Role, RoleName } from '../access.js'
import { storable } from '../contents/submission.js'
import { request, response } from '../released.js'

/** One line: it stands in lists, and beside what its owner decided. */
const userName = storable(100).refine(
  (text) => text.trim() === text && text !== '' && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text),
  {
    error: '1 to 100 characters on one line, no space at either end',
  },
)

/** A person of the caller's workspace. */
export const NewUser = request(
  'NewUser',
  z.strictObject({
    name: userName,
    role: Role.default('reviewer'),
    email: z.email().max(200).optional().describe('by which the OpenID provider knows this person'),
  }),
)
export type NewUser = z.infer<typeof NewUser>

/** What is to change. A disabled user's sessions and links end at once. */
export const ChangeUser = request(
  'ChangeUser',
  z
    .strictObject({ role: Role.optional(), disabled: z.boolean().optional() })
    .refine((change) => Object.keys(change).length > 0, 'name what is to change'),
)
export type ChangeUser = z.infer<typeof ChangeUser>

export const UserView = response(
  'UserView',
  z.object({
    id: z.uuid(),
    name: z.string(),
    role: RoleName,
    email: z.string().nullable(),
    openId: z.boolean().describe('has signed in through the OpenID provider'),
    createdAt: z.iso.datetime(),
    disabledAt: z.iso.datetime().nullable(),
  }),
)
export type UserView = z.infer<typeof UserView>

export const UserPage = response('UserPage', z.object({ items: z.array(UserView), nextCursor: z.string().nullable() }))
export type UserPage = z.infer<typeof UserPage>

/** A link that signs one person in, once. It is shown only here. */
export const SignInLink = response('SignInLink', z.object({ url: z.url(), expiresAt: z.iso.datetime() }))
export type SignInLink = z.infer<typeof SignInLink>
