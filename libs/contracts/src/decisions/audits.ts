import { z } from 'zod'
import { response } from '../released.js'

const GroupAudits = z.object({
  facet: z.string(),
  mask: z.string().describe('the streams of the contents, such as text+video'),
  under: z.string().nullable().describe('the group: contents below this node; null: all that no other group has'),
  error: z.number().describe('what was promised: at most this share is wrong'),
  chosen: z.int().nonnegative().describe('published tags that were chosen for an audit'),
  answered: z.int().nonnegative(),
  wrong: z.int().nonnegative(),
  precision: z.number().nullable().describe('share that is right, by inverse propensity; null without an answer'),
  interval: z.object({ lower: z.number(), upper: z.number() }).describe('holds the precision with 95 %'),
  watch: z.object({
    state: z.enum(['kept', 'broken']).describe('broken: the contents of the group go to review'),
    evidence: z.number().describe('e-value against the promise; 1 says nothing'),
    alarmFrom: z.number().describe('the e-value that breaks the promise'),
    falseAlarm: z.number().describe('how likely it is at most that a promise which is kept is ever called broken'),
    alarmAt: z.int().nullable().describe('answers when it broke'),
  }),
})

/** What audits say of a policy, and of those that took its place without a group. */
export const PolicyAudits = response(
  'PolicyAudits',
  z.object({ policy: z.string().describe('name/number'), groups: z.array(GroupAudits) }),
)
export type PolicyAudits = z.infer<typeof PolicyAudits>
