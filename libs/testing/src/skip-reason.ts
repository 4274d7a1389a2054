type Suite = (name: string, tests: () => void) => void

// Jest's globals rather than its package: that one refuses to be imported outside of a test.
declare const describe: Suite & { readonly skip: Suite }

/** Jest tells of a skipped test its titles and nothing else: so they carry the reason. */
const mark = / \[not here: (.+)\]/

/**
 * `describe` for tests that this machine may not be able to run.
 * @param reason why it cannot, a colon, and what to do about it; undefined where it can
 */
export const describeUnless = (reason: string | undefined, name: string, tests: () => void): void => {
  if (reason === undefined) describe(name, tests)
  else describe.skip(`${name} [not here: ${reason}]`, tests)
}

/** Title and reason of a test that was skipped; undefined is the reason of one whose title gives none. */
export const skippedTitle = (title: string): { readonly name: string; readonly reason: string | undefined } => ({
  name: title.replace(mark, ''),
  reason: mark.exec(title)?.[1],
})
