import { ReeltagError } from '@reeltag/contracts'

const refuse = (detail: string): never => {
  throw new ReeltagError('DECISION_INPUT_INVALID', detail)
}

/** @throws DECISION_INPUT_INVALID where `value` is not strictly between 0 and 1 */
export const assertInside = (name: string, value: number): void => {
  if (!(value > 0 && value < 1)) refuse(`${name} is ${value}, not between 0 and 1`)
}

/** @throws DECISION_INPUT_INVALID where `value` is not in 0..1, both included */
export const assertShare = (name: string, value: number): void => {
  if (!(value >= 0 && value <= 1)) refuse(`${name} is ${value}, not from 0 to 1`)
}

/** @throws DECISION_INPUT_INVALID where `value` is negative, infinite or no number */
export const assertAmount = (name: string, value: number): void => {
  if (!(value >= 0 && Number.isFinite(value))) refuse(`${name} is ${value}, not a number from 0`)
}

/** @throws DECISION_INPUT_INVALID where `errors` of `n` cannot be counts */
export const assertCounts = (errors: number, n: number): void => {
  const whole = Number.isInteger(errors) && Number.isInteger(n)
  if (!whole || errors < 0 || errors > n) refuse(`${errors} errors among ${n} items are no counts`)
}
