import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { certify, type AuditedRow } from './certify.js'
import { certifyBackOff } from './certify-back-off.js'
import { controlMisses, isRiskControlled } from './risk-control.js'

/** Rows of falling score, wrong at the given places. */
const ranked = (count: number, ...wrongAt: number[]): AuditedRow[] =>
  Array.from({ length: count }, (_, index) => ({ score: 1 - index / count, correct: !wrongAt.includes(index) }))
const target = { alpha: 0.05, delta: 0.1 }
const rows = fc.array(
  fc.record({ score: fc.integer({ min: 0, max: 20 }).map((tick) => tick / 20), correct: fc.boolean() }),
  { maxLength: 150 },
)

describe('certify', () => {
  it('goes on to looser thresholds while the target is proven, and takes the last', () => {
    const outcome = certify(ranked(100, 60, 90, 91, 92, 93), target)
    expect(outcome).toMatchObject({ kind: 'certified', n: 60, k: 0, at: expect.closeTo(0.41, 9), level: 0.1 })
    if (outcome.kind === 'certified') expect(outcome.bound).toBeLessThanOrEqual(0.05)
  })

  it('passes an error once there is enough to outweigh it', () => {
    expect(certify(ranked(100, 77), target)).toMatchObject({ kind: 'certified', n: 100, k: 1 })
  })

  it('stops at the first threshold that fails, however good the looser ones look', () => {
    expect(certify(ranked(400, 46), target)).toMatchObject({ kind: 'certified', n: 46, k: 0 })
  })

  it('says how many items would do where there are too few', () => {
    const outcome = certify(ranked(80), { alpha: 0.02, delta: 0.05 })
    expect(outcome).toMatchObject({ kind: 'refused', because: 'too-few-items', n: 80, needed: 149 })
    expect(outcome).toHaveProperty('message', 'needs 149 audited items with no error; you have 80')
    expect(certify([], target)).toMatchObject({ kind: 'refused', n: 0, needed: 45 })
  })

  it('says how many items with as many errors would do where the surest are wrong', () => {
    const outcome = certify(ranked(100, 3), target)
    expect(outcome).toMatchObject({ kind: 'refused', because: 'too-many-errors', n: 45, k: 1, needed: 77 })
  })

  it('outlives one early error with several starts, each of which is allowed a share of delta', () => {
    const outcome = certify(ranked(1000, 3), target, { starts: 4 })
    expect(outcome).toMatchObject({ kind: 'certified', n: 1000, k: 1 })
    expect(outcome.level).toBeLessThanOrEqual(0.1)
  })

  it('outlives early errors from one later start, and begins earlier where there are too few items', () => {
    expect(certify(ranked(400, 3, 9), target).kind).toBe('refused')
    expect(certify(ranked(400, 3, 9), target, { outlives: 5 })).toMatchObject({
      kind: 'certified',
      n: 400,
      k: 2,
      level: 0.1,
    })
    expect(certify(ranked(50), target, { outlives: 5 })).toMatchObject({ kind: 'certified', n: 50, k: 0 })
  })

  it('takes all items of one score together', () => {
    const tied = ranked(60).map((row) => ({ ...row, score: 0.8 }))
    expect(certify(tied, target)).toMatchObject({ kind: 'certified', at: 0.8, n: 60 })
    expect(certify([...tied, ...tied.map((row) => ({ ...row, correct: false }))], target).kind).toBe('refused')
  })

  it('certifies an expected loss where errors are not equally bad', () => {
    const mild = ranked(300, 100, 200).map((row) => ({ ...row, loss: row.correct ? 0 : 0.1 }))
    const outcome = certify(mild, target)
    expect(outcome).toMatchObject({ kind: 'certified', n: 300, k: 2 })
    if (outcome.kind === 'certified') expect(outcome.bound).toBeLessThanOrEqual(0.05)
  })

  it('never promises more than it counted, in whatever order the rows come', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 5 }), (given, starts, outlives) => {
        const loose = { alpha: 0.3, delta: 0.2 }
        const outcome = certify(given, loose, { starts, outlives })
        expect(certify(given.toReversed(), loose, { starts, outlives })).toEqual(outcome)
        if (outcome.kind === 'refused') return
        const accepted = given.filter(({ score }) => score >= outcome.at)
        expect([outcome.n, outcome.k]).toEqual([accepted.length, accepted.filter(({ correct }) => !correct).length])
        expect(outcome.bound).toBeLessThanOrEqual(0.3 + 1e-12)
        expect(outcome.level).toBeLessThanOrEqual(0.2 + 1e-12)
      }),
    )
  })

  it('publishes no less for a looser target', () => {
    const acceptedOf = (given: AuditedRow[], alpha: number, delta: number) => {
      const outcome = certify(given, { alpha, delta })
      return outcome.kind === 'certified' ? outcome.n : 0
    }
    // With one start a looser target begins earlier, where it may fail at once: only what begins alike compares.
    const sure = Array.from({ length: 60 }, () => ({ score: 1, correct: true }))
    fc.assert(
      fc.property(rows, (given) => {
        const all = [...sure, ...given]
        expect(acceptedOf(all, 0.1, 0.1)).toBeLessThanOrEqual(acceptedOf(all, 0.2, 0.1))
        expect(acceptedOf(all, 0.1, 0.05)).toBeLessThanOrEqual(acceptedOf(all, 0.1, 0.2))
      }),
    )
  })

  it.each([NaN, -0.1, 1.1])('refuses a score of %d', (score) => {
    expect(() => certify([{ score, correct: true }], target)).toThrow('score is')
  })
})

describe('certifyBackOff', () => {
  it('counts each item once, at the depth at which it would be published', () => {
    const right = Array.from({ length: 50 }, () => [
      { score: 0.9, correct: true },
      { score: 0.5, correct: false },
    ])
    // From 0.5 on the wrong children would be published in place of their right parents.
    expect(certifyBackOff(right, target)).toMatchObject({ kind: 'certified', at: 0.9, n: 50, k: 0 })
  })

  it('publishes deeper where the children are right too', () => {
    const right = Array.from({ length: 50 }, () => [
      { score: 0.9, correct: true },
      { score: 0.5, correct: true },
    ])
    expect(certifyBackOff(right, target)).toMatchObject({ at: 0.5, n: 50, k: 0 })
  })

  it('counts what would be published from its threshold on: each item at its deepest node, right or wrong', () => {
    const tick = fc.integer({ min: 0, max: 10 }).map((tenth) => tenth / 10)
    // A child may be a little likelier than its parent by rounding; below a wrong node all are wrong.
    const way = fc
      .array(fc.record({ score: tick, correct: fc.boolean() }), { minLength: 1, maxLength: 3 })
      .map((nodes) =>
        nodes.map(({ score }, at) => ({ score, correct: nodes.slice(0, at + 1).every((one) => one.correct) })),
      )
    fc.assert(
      fc.property(fc.array(way, { minLength: 10, maxLength: 60 }), (ways) => {
        const outcome = certifyBackOff(ways, { alpha: 0.6, delta: 0.3 }, { outlives: 3 })
        const at = outcome.kind === 'certified' ? outcome.at : 0
        const published = ways.flatMap((nodes) => {
          const reaches = nodes.findIndex(({ score }) => score < at)
          return (reaches === -1 ? nodes : nodes.slice(0, reaches)).slice(-1)
        })
        if (outcome.kind === 'certified')
          expect([outcome.n, outcome.k]).toEqual([published.length, published.filter(({ correct }) => !correct).length])
      }),
    )
  })

  it('equals certify where the tree is flat', () => {
    fc.assert(
      fc.property(rows, (given) => {
        expect(
          certifyBackOff(
            given.map((row) => [row]),
            target,
          ),
        ).toEqual(certify(given, target))
      }),
    )
  })
})

describe('controlMisses', () => {
  it('takes the highest threshold that misses no more than allowed', () => {
    const scores = Array.from({ length: 99 }, (_, index) => (index + 1) / 100)
    // (99 + 1) · 0.05 - 1 = 4 misses.
    expect(controlMisses(scores, 0.05)).toMatchObject({ kind: 'controlled', at: 0.05, missed: 4, n: 99 })
  })

  it('needs 9 items at 0.1, and says so', () => {
    const scores = Array.from({ length: 9 }, () => 0.7)
    expect(controlMisses(scores, 0.1)).toMatchObject({ kind: 'controlled', at: 0.7, missed: 0 })
    expect(controlMisses(scores.slice(1), 0.1)).toMatchObject({ kind: 'refused', n: 8, needed: 9 })
  })

  it('is the rule n/(n+1)·R + 1/(n+1) <= alpha, and the next threshold would break it', () => {
    const scores = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 60 })
    fc.assert(
      fc.property(scores, fc.double({ min: 0.05, max: 0.8, noNaN: true }), (given, alpha) => {
        const outcome = controlMisses(given, alpha)
        if (outcome.kind === 'refused') return expect(isRiskControlled(0, given.length, alpha)).toBe(false)
        const missed = (at: number) => given.filter((score) => score < at).length / given.length
        expect(isRiskControlled(missed(outcome.at), given.length, alpha)).toBe(true)
        const next = Math.min(...given.filter((score) => score > outcome.at))
        if (Number.isFinite(next)) expect(isRiskControlled(missed(next), given.length, alpha)).toBe(false)
      }),
    )
  })
})
