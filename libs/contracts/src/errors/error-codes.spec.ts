import { describe, expect, it } from '@jest/globals'
import { errorCodes, type ErrorCode } from './error-codes.js'
import type { ErrorEntry } from './error-entry.js'
import { ReeltagError } from './reeltag-error.js'

const entries = Object.entries(errorCodes) as [ErrorCode, ErrorEntry][]
const outages = entries.filter(([, { outage }]) => outage).map(([code]) => code)

describe('errorCodes', () => {
  it.each(outages)('lets work be retried for as long as %s lasts', (code) => {
    expect(new ReeltagError(code, '')).toMatchObject({ retryable: true, isOutage: true })
  })

  it('tells an outage from a failure of the work, also where both are retried', () => {
    expect(outages).toContain('BLOBS_UNAVAILABLE')
    expect(new ReeltagError('INFERENCE_FAILED', '')).toMatchObject({ retryable: true, isOutage: false })
  })

  it.each(entries)('says %s and its remedy in both languages', (_code, { title, remedy }) => {
    for (const text of [title.en, remedy.en]) expect(text).toMatch(/^[\x20-\x7e]+$/)
    for (const text of [title.zh, remedy.zh]) expect(text).toMatch(/\p{Script=Han}/u)
  })
})
