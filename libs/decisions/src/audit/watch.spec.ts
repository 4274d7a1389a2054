import { describe, expect, it } from '@jest/globals'
import { errorInterval } from '../bounds/binomial.js'
import { median, seeded } from '../simulation.fixture.js'
import { evidenceOf, newWatch, watchAudit, type PromiseWatch } from './watch.js'

const target = { alpha: 0.05, delta: 0.1 }
const runs = 200

/** Audits until the alarm after a change at `good` audits, or null where there was none. */
const alarmAfter = (random: () => number, good: number, rate: number, auditsMax: number): number | null => {
  let watch = newWatch(target)
  while (watch.alarmAt === null && watch.audits < auditsMax)
    watch = watchAudit(watch, random() < (watch.audits < good ? 0.03 : rate))
  return watch.alarmAt === null ? null : watch.alarmAt - good
}
const repeat = <T>(one: (random: () => number) => T): T[] =>
  Array.from({ length: runs }, (_, run) => one(seeded(50_000 + run)))

describe('a watch over a promise', () => {
  it.each([0.05, 0.03])('raises a false alarm with probability delta at most, at a rate of %d', (rate) => {
    const alarms = repeat((random) => alarmAfter(random, 0, rate, 1500)).filter((at) => at !== null).length
    expect(errorInterval(alarms, runs, 0.05).lower).toBeLessThanOrEqual(target.delta)
  })

  // Median audits from the change to the alarm: after a good start of 200 audits at 3 %, and from the first audit on.
  it.each([
    { drift: 0.02, afterGood: [250, 1400], fromStart: [150, 900] },
    { drift: 0.05, afterGood: [100, 450], fromStart: [50, 250] },
    { drift: 0.1, afterGood: [30, 170], fromStart: [15, 90] },
  ])('finds a drift of $drift after $afterGood audits', ({ drift, afterGood, fromStart }) => {
    const found = (good: number) =>
      median(repeat((random) => alarmAfter(random, good, target.alpha + drift, 2500) ?? Infinity))
    const [later, first] = [found(200), found(0)]
    expect(later).toBeGreaterThanOrEqual(afterGood[0] ?? NaN)
    expect(later).toBeLessThanOrEqual(afterGood[1] ?? NaN)
    expect(first).toBeGreaterThanOrEqual(fromStart[0] ?? NaN)
    expect(first).toBeLessThanOrEqual(fromStart[1] ?? NaN)
  })

  it('starts without evidence, gains it with errors and loses it with right items', () => {
    const fresh = newWatch(target)
    expect(evidenceOf(fresh)).toBe(1)
    expect(evidenceOf(watchAudit(fresh, true))).toBeGreaterThan(1)
    expect(evidenceOf(watchAudit(fresh, false))).toBeLessThan(1)
  })

  it('is fair at alpha: the next audit changes the evidence by nothing on average', () => {
    const random = seeded(9)
    let watch = newWatch(target)
    for (let audit = 0; audit < 300; audit++) {
      const [right, wrong] = [evidenceOf(watchAudit(watch, false)), evidenceOf(watchAudit(watch, true))]
      expect((1 - target.alpha) * right + target.alpha * wrong).toBeCloseTo(evidenceOf(watch), 9)
      watch = watchAudit(watch, random() < 0.08)
    }
  })

  it('keeps its alarm, and goes on from what was stored', () => {
    let watch = newWatch(target)
    for (let audit = 0; audit < 20; audit++) watch = watchAudit(watch, true)
    const { alarmAt } = watch
    expect(alarmAt).not.toBeNull()
    watch = JSON.parse(JSON.stringify(watch)) as PromiseWatch
    for (let audit = 0; audit < 500; audit++) watch = watchAudit(watch, false)
    expect(watch).toMatchObject({ alarmAt, audits: 520, errors: 20 })
  })
})
