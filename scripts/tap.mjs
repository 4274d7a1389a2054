const number = (output, word) => Number(new RegExp(`^# ${word} (\\d+)`, 'm').exec(output)?.[1] ?? 0)

/** A skip whose reason begins so is no gap: something else holds what the test would. */
const optional = /^optional: /

/**
 * What a run of Node's test runner came to. A run of no test is a failure, and so is a skip where everything must run.
 * @param output in TAP
 */
export const tapOutcome = (output, requireAll) => {
  const [passed, skipped] = [number(output, 'pass'), number(output, 'skipped')]
  const reasons = [...output.matchAll(/# SKIP ?(.*)$/gm)].map(([, reason]) => reason)
  const gaps = requireAll ? reasons.filter((reason) => !optional.test(reason)) : []
  const failed = number(output, 'fail') + number(output, 'cancelled') || (passed === 0 ? 1 : gaps.length)
  return { passed, failed, skipped, reasons }
}
