import { describe, expect, it } from '@jest/globals'
import { ReeltagError } from '@reeltag/contracts'
import { runInNewContext } from 'node:vm'
import { isOutage } from './outage.js'

const coded = (code: string) => Object.assign(new Error(code), { code })

describe('isOutage', () => {
  it.each(['53100', '57P01', '08006', '58030', '25006', '25P03', '40P01', 'P1001', 'ECONNREFUSED', 'ENOSPC'])(
    'knows %s as the fault of a server',
    (code) => {
      expect(isOutage(coded(code))).toBe(true)
      expect(isOutage(new ReeltagError('INTERNAL', 'wrapped', { cause: coded(code) }))).toBe(true)
    },
  )

  it.each(['23505', '22P02', '42601', 'P2002', 'ENOENT'])('knows %s as the fault of the work', (code) => {
    expect(isOutage(coded(code))).toBe(false)
  })

  it('knows what the driver says without a code', () => {
    expect(isOutage(new Error('Connection terminated unexpectedly'))).toBe(true)
    expect(isOutage(new Error('the tags do not add up'))).toBe(false)
  })

  it('knows our own errors by the table, and what they were caused by', () => {
    expect(isOutage(new ReeltagError('BLOBS_UNAVAILABLE', ''))).toBe(true)
    expect(isOutage(new ReeltagError('INFERENCE_FAILED', ''))).toBe(false)
  })

  it('knows an error of another realm, and one of several addresses', () => {
    const foreign: unknown = runInNewContext(`Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })`)
    expect(foreign).not.toBeInstanceOf(Error)
    expect(isOutage(foreign)).toBe(true)
    expect(isOutage(new AggregateError([new Error('odd'), foreign]))).toBe(true)
    expect(isOutage('ECONNREFUSED')).toBe(false)
  })

  it('survives causes that go round in a circle', () => {
    const error = new Error('round')
    error.cause = error
    expect(isOutage(error)).toBe(false)
  })
})
