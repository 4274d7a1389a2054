import { describe, expect, it } from '@jest/globals'
import { isBreakDue, looked, startExposure } from './exposure.js'

const minute = 60_000

describe('a break', () => {
  it('is due after three quarters of an hour without one', () => {
    let exposure = startExposure(0)
    for (let now = 0; now <= 44 * minute; now += 4 * minute) exposure = looked(exposure, now)
    expect(isBreakDue(exposure, 44 * minute)).toBe(false)
    expect(isBreakDue(exposure, 46 * minute)).toBe(true)
  })

  it('is not due after one was taken', () => {
    let exposure = looked(startExposure(0), 4 * minute)
    exposure = looked(exposure, 40 * minute)
    expect(isBreakDue(exposure, 46 * minute)).toBe(false)
  })

  it('is due after many items in a short time', () => {
    let exposure = startExposure(0)
    for (let index = 0; index < 250; index++) exposure = looked(exposure, index * 1000)
    expect(isBreakDue(exposure, 250_000)).toBe(true)
  })
})
