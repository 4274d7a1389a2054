/**
 * The functions that are used here. The package has types, but its `exports` do not name them.
 * Names and arguments are those of the C library (netlib.org/cephes).
 */
declare module 'cephes' {
  /** Resolves when the functions can be called. */
  export const compiled: Promise<void>
  /** Binomial distribution: probability of at most k successes in n. */
  export function bdtr(k: number, n: number, p: number): number
  /** Inverse of the regularised incomplete beta integral: x for which it is y. */
  export function incbi(a: number, b: number, y: number): number
}
