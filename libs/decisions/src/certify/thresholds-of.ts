import type { CertifiedGroup } from './certify-groups.js'

/**
 * Thresholds by node, as the policy `thresholds` takes them: each member has the threshold of its group. A node that
 * nothing is certified for is not listed, so it is never published, and does not stand in the way of what is below it.
 */
export const thresholdsOf = (groups: readonly CertifiedGroup[]): Record<string, number> =>
  Object.fromEntries(
    groups.flatMap(({ members, outcome }) =>
      outcome.kind === 'certified' ? members.map((id): [string, number] => [id, outcome.at]) : [],
    ),
  )
