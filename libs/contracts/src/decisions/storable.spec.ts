import { expect, it } from '@jest/globals'
import { DraftPolicy } from './policies.js'
import { StartRedecision } from './redecisions.js'

it('names that Postgres cannot store are refused before it sees them', () => {
  const draft = { name: 'a', targets: [{ facet: 'subject', error: 0.2 }] }
  expect(DraftPolicy.safeParse({ ...draft, calibration: 'by-class/1' }).success).toBe(true)
  expect(DraftPolicy.safeParse({ ...draft, calibration: 'by-class/1\u0000' }).success).toBe(false)
  expect(StartRedecision.safeParse({ policy: 'a/1' }).success).toBe(true)
  expect(StartRedecision.safeParse({ policy: 'a\u0000' }).success).toBe(false)
})
