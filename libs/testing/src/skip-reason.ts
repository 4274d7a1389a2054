type Suite = (name: string, tests: () => void) => void

// Jest's globals rather than its package: that one refuses to be imported outside of a test.
declare const describe: Suite & { readonly skip: Suite }

/** Jest tells of a skipped test its titles and nothing else: so they carry the reason. */
const mark = /\[not here: (.+)\]/

/**
 * `describe` for tests that this machine may not be able to run.
 * @param reason why it cannot, a colon, and what to do about it; undefined where it can
 */
export const describeUnless = (reason: string | undefined, name: string, tests: () => void): void => {
  if (reason === undefined) describe(name, tests)
  else describe.skip(`${name} [not here: ${reason}]`, tests)
}

/** Why a test of this full title was skipped; undefined where the title does not say. */
export const skipReason = (title: string): string | undefined => mark.exec(title)?.[1]
