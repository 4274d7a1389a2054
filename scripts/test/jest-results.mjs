import { skippedTitle } from '@reeltag/testing'

/**
 * @typedef {{ name: string, message: string, status: string, assertionResults: {
 *   fullName: string, status: string, duration?: number | null, failureMessages?: string[] }[] }} JestFile
 */

/** What jest's report says of each test. A file that did not come to its tests is one that failed. @param {JestFile[]} files @returns {import('./outcomes.mjs').Test[]} */
export const jestTests = (files) =>
  files.flatMap(({ name, message, status, assertionResults }) => {
    if (status === 'failed' && assertionResults.every((test) => test.status !== 'failed'))
      return [...assertionResults.map(testOf), { name, outcome: 'failed', detail: message }]
    return assertionResults.map(testOf)
  })

/** @param {JestFile['assertionResults'][number]} result @returns {import('./outcomes.mjs').Test} */
const testOf = ({ fullName, status, duration, failureMessages = [] }) => {
  const test = { name: fullName, seconds: (duration ?? 0) / 1000 }
  if (status === 'passed') return { ...test, outcome: 'passed' }
  if (status === 'failed') return { ...test, outcome: 'failed', detail: failureMessages.join('\n') }
  return { ...test, ...skippedTitle(fullName), outcome: 'skipped' }
}
