// A reporter of Node's test runner: a line of JSON for each test. What groups tests is told only where it is skipped.

/** @param {AsyncIterable<{ type: string, data: any }>} events */
export default async function* reporter(events) {
  for await (const { type, data } of events) {
    if (type !== 'test:pass' && type !== 'test:fail') continue
    const { name, file, skip, details } = data
    const passed = type === 'test:pass'
    // A file that has no test passes under its own name.
    if (passed && name === file) continue
    // Of a group only what its tests do not tell: that they were not run, or that a hook of it failed.
    const ofItsTests = details.error?.failureType === 'subtestsFailed'
    if ((details.type === 'suite' && passed && skip === undefined) || ofItsTests) continue
    yield `${JSON.stringify({
      name,
      outcome: skip !== undefined ? 'skipped' : passed ? 'passed' : 'failed',
      seconds: details.duration_ms / 1000,
      ...(skip === undefined ? {} : { reason: String(skip) }),
      ...(passed ? {} : { detail: details.error?.cause?.stack ?? String(details.error?.message) }),
    })}\n`
  }
}
