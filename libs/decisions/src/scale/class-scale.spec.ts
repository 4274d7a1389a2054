import { describe, expect, it } from '@jest/globals'
import { predictions, reportClassScale, searchClassScale, type ScaleRow } from './class-scale.js'
import { particleSwarm } from './particle-swarm.js'
import { seededRandom } from './seeded-random.js'
import { macroF1 } from '../metrics/f1.js'
import { softmax } from '../score/softmax.js'

/** Long-tailed classes: the head has learned how rare they are, so it hardly ever names the rare ones. */
const made = (size: number, seed: number): ScaleRow[] => {
  const random = seededRandom(seed)
  const prior = [0, -1.5, -3, -5]
  return Array.from({ length: size }, () => {
    const logits = prior.map((z) => z + 5 * random() - 2.5)
    const p = softmax(logits)
    let [c, u] = [0, random()]
    while (c < 3 && u >= p[c]!) u -= p[c++]!
    return { logits, truth: c }
  })
}
const quick = { seed: 1, particles: 12, iterations: 15 }

describe('a per-class scale', () => {
  const [searchedOn, reportedOn] = [made(1_500, 1), made(1_500, 2)]
  const found = searchClassScale(searchedOn, 4, quick)

  it('is never worse than no scale, nor than the log-odds rule, on what it was searched on', () => {
    const truth = searchedOn.map((row) => row.truth)
    const of = (logWeights: number[]) => macroF1(truth, predictions(searchedOn, logWeights))
    const counts = [0, 1, 2, 3].map((c) => truth.filter((t) => t === c).length)
    const rule = counts.map((n) => (n >= 20 ? Math.log(1 + 10 / n) : 0))
    const penalised = of(rule) - 1e-3 * rule.reduce((sum, value) => sum + value ** 2, 0)
    expect(found.macroF1).toBe(of([...found.logWeights]))
    expect(found.macroF1).toBeGreaterThanOrEqual(Math.max(of([]), penalised))
  })

  it('helps on contents that it was not searched on', () => {
    const { before, after } = reportClassScale(reportedOn, found.logWeights)
    expect(after).toBeGreaterThan(before + 0.02)
  })

  it('is the same for the same seed', () => {
    expect(searchClassScale(searchedOn, 4, quick)).toEqual(found)
    expect(searchClassScale(searchedOn, 4, { ...quick, seed: 2 })).not.toEqual(found)
  })

  it('leaves classes with fewer than 20 positives as they are', () => {
    const few = [
      ...searchedOn.filter(({ truth }) => truth !== 3),
      ...made(4_000, 5)
        .filter((r) => r.truth === 3)
        .slice(0, 19),
    ]
    const { logWeights, searched } = searchClassScale(few, 5, quick)
    expect(searched).toEqual([0, 1, 2])
    expect(logWeights.slice(3)).toEqual([0, 0])
    for (const weight of logWeights) {
      expect(weight).toBeGreaterThanOrEqual(Math.log(0.2))
      expect(weight).toBeLessThanOrEqual(Math.log(10))
    }
  })
})

describe('a particle swarm', () => {
  const search = (fitness: (x: Float64Array) => number) =>
    particleSwarm(2, fitness, {
      starts: [Float64Array.of(0, 0)],
      min: -2,
      max: 2,
      particles: 30,
      iterations: 100,
      random: seededRandom(4),
    })

  it('finds the top of a hill, and stays in its box', () => {
    expect([...search(([x = 0, y = 0]) => -((x - 1) ** 2) - (y + 0.5) ** 2).position]).toEqual([
      expect.closeTo(1, 3),
      expect.closeTo(-0.5, 3),
    ])
    expect([...search(([x = 0, y = 0]) => x + y).position]).toEqual([2, 2])
  })

  it('stays at its start where nothing is better', () => {
    expect([...search(([x = 0, y = 0]) => -Math.abs(x) - Math.abs(y)).position]).toEqual([0, 0])
  })
})
