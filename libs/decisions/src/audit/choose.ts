import { ReeltagError } from '@reeltag/contracts'
import { assertShare } from '../bounds/checks.js'

// 52 bits: as many as a double holds exactly.
const digits = 13

/**
 * A number in [0, 1) from a keyed hash, such as HMAC-SHA256 of the content's id. The key keeps anybody from telling in
 * advance which contents are audited; the same content always gets the same number.
 * @param hash hexadecimal, at least 13 digits
 * @throws DECISION_INPUT_INVALID where it is shorter or not hexadecimal
 */
export const unitOf = (hash: string): number => {
  const head = hash.slice(0, digits)
  if (!/^[0-9a-f]{13}$/i.test(head))
    throw new ReeltagError('DECISION_INPUT_INVALID', `a hash needs ${digits} hexadecimal digits`)
  return Number.parseInt(head, 16) / 16 ** digits
}

/**
 * Whether an item goes to blind review. Its propensity is `share`, whatever its score: the audit stream is a uniform
 * sample, which reviewers' own picks are not. A larger share audits every item of a smaller one.
 * @param unit number of the item in [0, 1)
 * @param share of the published items, 0..1
 * @throws DECISION_INPUT_INVALID
 */
export const isAudited = (unit: number, share: number): boolean => {
  assertShare('unit', unit)
  assertShare('share', share)
  return unit < share
}
