import { describe, expect, it } from '@jest/globals'
import { errorInterval } from '../bounds/binomial.js'
import type { LabelTree } from '../label-tree.js'
import { indexDrawer, seeded } from '../simulation.fixture.js'
import { certify, type AuditedRow } from './certify.js'
import { certifyBackOff } from './certify-back-off.js'
import { certifyGroups, type CertifiedGroups, type GroupedRow, type Multiplicity } from './certify-groups.js'
import type { Outcome } from './outcome.js'
import { controlMisses } from './risk-control.js'

// The promise is tried on worlds whose true error is known: a draw breaks it where the true error exceeds alpha.
const draws = 400
const target = { alpha: 0.05, delta: 0.1 }

/** Whether so many of all draws still agree with a rate of delta, by the 95 % interval of the count. */
const agreesWithDelta = (broken: number): boolean => errorInterval(broken, draws, 0.05).lower <= target.delta
const simulate = <T>(one: (random: () => number) => T, seed = 1): T[] =>
  Array.from({ length: draws }, (_, draw) => one(seeded(seed * 10_000 + draw)))
const count = (flags: readonly boolean[]): number => flags.filter(Boolean).length

/** Scores are uniform, and an item of score s is wrong with probability 0.6·(1 - s)²: from t on, 0.2·(1 - t)². */
const drawRows = (random: () => number, n: number): AuditedRow[] =>
  Array.from({ length: n }, () => {
    const score = random()
    return { score, correct: random() >= 0.6 * (1 - score) ** 2 }
  })
const breaks = (outcome: Outcome, errorFrom: (at: number) => number): boolean =>
  outcome.kind === 'certified' && errorFrom(outcome.at) > target.alpha
const errorFrom = (at: number): number => 0.2 * (1 - at) ** 2

describe('one threshold, over 400 draws', () => {
  it.each([{ starts: 1 }, { starts: 3 }, { outlives: 5 }])(
    'keeps the promise with probability 1 - delta, by %j',
    (options) => {
      const outcomes = simulate((random) => certify(drawRows(random, 600), target, options))
      expect(agreesWithDelta(count(outcomes.map((outcome) => breaks(outcome, errorFrom))))).toBe(true)
      // It is no promise kept by publishing nothing: half of the items could be published at most.
      const published = outcomes.map((outcome) => (outcome.kind === 'certified' ? 1 - outcome.at : 0))
      expect(published.reduce((sum, share) => sum + share, 0) / draws).toBeGreaterThan(0.2)
    },
  )

  it('would break it by taking the lowest threshold whose counted error is small enough', () => {
    const broken = simulate((random) => {
      const rows = drawRows(random, 600).sort((a, b) => b.score - a.score)
      let [wrong, lowest] = [0, 1]
      for (const [index, { score, correct }] of rows.entries()) {
        wrong += correct ? 0 : 1
        if (wrong <= target.alpha * (index + 1)) lowest = score
      }
      return errorFrom(lowest) > target.alpha
    })
    expect(agreesWithDelta(count(broken))).toBe(false)
  })

  it('keeps it for an expected loss', () => {
    const outcomes = simulate((random) => {
      const rows = drawRows(random, 600).map((row) => ({ ...row, loss: row.correct ? 0 : 0.2 + 0.6 * random() }))
      return certify(rows, target)
    })
    expect(agreesWithDelta(count(outcomes.map((outcome) => breaks(outcome, (at) => 0.5 * errorFrom(at)))))).toBe(true)
    expect(count(outcomes.map(({ kind }) => kind === 'certified'))).toBeGreaterThan(draws * 0.9)
  })

  it('is refused less often from three starts where the surest items are wrong too', () => {
    const noisy = (random: () => number): AuditedRow[] =>
      drawRows(random, 2000).map((row) => ({ ...row, correct: row.correct && random() > 0.02 }))
    const refused = simulate((random) => {
      const rows = noisy(random)
      return [1, 3].map((starts) => certify(rows, target, { starts }).kind === 'refused')
    })
    const [one, three] = [0, 1].map((of) => count(refused.map((kinds) => kinds[of] ?? false)))
    expect(one).toBeGreaterThan(draws * 0.5)
    expect(three).toBeLessThan((one ?? 0) * 0.7)
  })
})

describe('back-off, over 400 draws', () => {
  it('keeps the promise for what is published at whatever depth', () => {
    // The leaf is right with probability s, its parent with 1 - (1 - s)².
    const outcomes = simulate((random) =>
      certifyBackOff(
        Array.from({ length: 800 }, () => {
          const [s, luck] = [random(), random()]
          const parent = 1 - (1 - s) ** 2
          return [
            { score: parent, correct: luck < parent },
            { score: s, correct: luck < s },
          ]
        }),
        target,
      ),
    )
    const error = (at: number) => {
      const rest = 1 - at
      return (rest ** 2 / 2 + (rest ** 1.5 - rest ** 3) / 3) / Math.sqrt(rest)
    }
    expect(agreesWithDelta(count(outcomes.map((outcome) => breaks(outcome, error))))).toBe(true)
    expect(count(outcomes.map(({ kind }) => kind === 'certified'))).toBeGreaterThan(draws * 0.8)
  })
})

describe('must-not-miss tags, over 400 draws', () => {
  it('miss the promised share on average, and not much less', () => {
    // Scores are uniform: the share that is missed is the threshold itself.
    const missed = simulate((random) => {
      const outcome = controlMisses(
        Array.from({ length: 120 }, () => random()),
        0.05,
      )
      return outcome.kind === 'controlled' ? outcome.at : 0
    })
    const mean = missed.reduce((sum, share) => sum + share, 0) / draws
    expect(mean).toBeLessThan(0.0525)
    expect(mean).toBeGreaterThan(0.045)
  })
})

describe('200 long-tailed classes and their pooled branches, over 400 draws', () => {
  interface Node {
    id: string
    children: Node[]
  }
  const parents = Array.from({ length: 20 }, (_, parent) => parent)
  const leafId = (index: number) => `leaf-${index}`
  const tree: LabelTree<Node> = {
    kind: 'single',
    roots: parents.map((parent) => ({
      id: `branch-${parent}`,
      children: Array.from({ length: 10 }, (_, leaf) => ({ id: leafId(leaf * 20 + parent), children: [] })),
    })),
  }
  // Zipf: the first class has a sixth of all items, the last a thousandth.
  const weights = Array.from({ length: 200 }, (_, index) => 1 / (index + 1))
  // Easy and hard classes, frequent or rare: an item of score s is wrong with probability hardness·(1 - s)².
  const hardness = weights.map((_, index) => 0.2 + 0.7 * ((index * 37) % 200) * 0.005)
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

  const drawClass = indexDrawer(weights)
  const draw = (random: () => number): GroupedRow[] =>
    Array.from({ length: 2000 }, () => {
      const index = drawClass(random)
      const score = random()
      return { group: leafId(index), score, correct: random() >= (hardness[index] ?? 1) * (1 - score) ** 2 }
    })
  const indexOf = (id: string) => Number(id.slice('leaf-'.length))
  /** Of each group that was tested, whether it breaks its promise. */
  const brokenIn = ({ groups }: CertifiedGroups): boolean[] =>
    groups
      .filter(({ sufficient }) => sufficient)
      .map(({ members, outcome }) => {
        const ids = members.map(indexOf)
        const hard =
          sum(ids.map((id) => (weights[id] ?? 0) * (hardness[id] ?? 1))) / sum(ids.map((id) => weights[id] ?? 0))
        return breaks(outcome, (at) => (hard * (1 - at) ** 2) / 3)
      })
  const kinds = ['bonferroni', 'holm', 'each'] as const
  const runs = simulate((random) => {
    const rows = draw(random)
    return kinds.map((multiplicity) => {
      const result = certifyGroups(tree, rows, target, { multiplicity })
      const pooled = result.groups.filter(({ members, outcome }) => members.length > 1 && outcome.kind === 'certified')
      return { broken: brokenIn(result), pooled: pooled.length }
    })
  }, 2)
  const runsOf = (kind: Multiplicity) => runs.flatMap((run) => run[kinds.indexOf(kind)] ?? [])

  it.each(['bonferroni', 'holm'] as const)('keeps all promises together with probability 1 - delta: %s', (kind) => {
    expect(agreesWithDelta(count(runsOf(kind).map(({ broken }) => broken.some(Boolean))))).toBe(true)
    expect(sum(runsOf(kind).map(({ pooled }) => pooled))).toBeGreaterThan(draws)
  })

  it('keeps each promise alone with probability 1 - delta where each is given alone, and then not all together', () => {
    const broken = runsOf('each').map((run) => run.broken)
    expect(sum(broken.map(count)) / sum(broken.map(({ length }) => length))).toBeLessThan(target.delta)
    expect(agreesWithDelta(count(broken.map((groups) => groups.some(Boolean))))).toBe(false)
  })
})
