/** What is told of a policy. */
interface Told {
  readonly ref: string
  readonly state: 'draft' | 'replayed' | 'active' | 'retired'
  readonly activated_by: string | null
  readonly activated_at: Date | null
  readonly retired_by: string | null
  readonly retired_at: Date | null
}

/** What a policy is, and what can be done with it. */
export const stateOf = ({ ref, state, ...policy }: Told, active: Pick<Told, 'ref'> | undefined): string => {
  if (state === 'active')
    return `${ref} is in force already, since ${moment(policy.activated_at)}, activated by ${policy.activated_by}: nothing is left to do`
  const inForce = active === undefined ? 'no policy is in force' : `${active.ref} is in force`
  if (state === 'retired')
    return `${ref} was retired at ${moment(policy.retired_at)} by ${policy.retired_by}, and ${inForce}: ${
      active === undefined ? 'nothing is left to do' : `retire that one, or activate ${ref} again`
    }`
  const next = state === 'draft' ? 'replay it, then activate it' : 'activate it'
  return `${ref} is not in force: it is ${state === 'draft' ? 'a draft' : 'replayed'}, and ${inForce}; ${next}, or leave it`
}

const moment = (at: Date | null): string => at?.toISOString() ?? 'an unknown time'

export const nameOf = (ref: string | null): string => (ref === null ? 'no policy (null)' : `"${ref}"`)
