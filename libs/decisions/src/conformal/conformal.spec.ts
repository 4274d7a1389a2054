import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { LabelTree } from '../label-tree.js'
import { softmax } from '../score/softmax.js'
import { indexDrawer, normal, seeded } from '../simulation.fixture.js'
import { candidatesOf, fitMondrian, type TrueScore } from './mondrian.js'
import { conformalQuantile, scoresNeeded } from './quantile.js'
import { rapsScores } from './raps.js'

interface Node {
  id: string
  children: Node[]
}
const leaf = (id: string): Node => ({ id, children: [] })

describe('conformalQuantile', () => {
  it('is the ceil((n + 1)·(1 - alpha))-th smallest, and infinite where that exceeds n', () => {
    const nine = [5, 1, 9, 2, 8, 3, 7, 4, 6]
    expect(conformalQuantile(nine, 0.1)).toBe(9)
    expect(conformalQuantile(nine.slice(1), 0.1)).toBe(Infinity)
    expect(conformalQuantile(nine, 0.2)).toBe(8)
    expect([0.1, 0.05, 0.2].map(scoresNeeded)).toEqual([9, 19, 4])
  })

  it('covers 90 % where the plain quantile of few scores does not', () => {
    const random = seeded(7)
    const cover = { conformal: 0, plain: 0 }
    const draws = 5000
    for (let draw = 0; draw < draws; draw++) {
      const scores = Array.from({ length: 19 }, random).sort((a, b) => a - b)
      const next = random()
      cover.conformal += Number(next <= conformalQuantile(scores, 0.1))
      cover.plain += Number(next <= (scores[Math.ceil(19 * 0.9) - 1] ?? NaN))
    }
    expect(Math.abs(cover.conformal / draws - 0.9)).toBeLessThan(0.01)
    expect(cover.plain / draws).toBeLessThan(0.9)
  })
})

describe('rapsScores', () => {
  const probabilities = fc
    .array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 2, maxLength: 12 })
    .map((logits) => [...softmax(logits)])
  const unit = fc.double({ min: 0, max: 0.999, noNaN: true })

  it('adds what stands above, a share of the class itself, and a penalty for the rank', () => {
    const scores = rapsScores([0.1, 0.6, 0.3], 0.5, { penalty: 0.1, rankFree: 1 })
    expect(scores).toEqual([0.9 + 0.05 + 0.2, 0.3, 0.6 + 0.15 + 0.1].map((score) => expect.closeTo(score, 12)))
  })

  it('grows with the rank, so that a set is always the likeliest few', () => {
    fc.assert(
      fc.property(probabilities, unit, (p, u) => {
        const scores = rapsScores(p, u)
        const order = p.map((_, index) => index).sort((a, b) => (p[b] ?? 0) - (p[a] ?? 0))
        for (const [rank, index] of order.slice(1).entries())
          expect(scores[index]).toBeGreaterThanOrEqual((scores[order[rank] ?? 0] ?? NaN) - 1e-12)
      }),
    )
  })
})

describe('Mondrian candidate sets', () => {
  const classes = Array.from({ length: 24 }, (_, index) => `class-${index}`)
  const tree: LabelTree<Node> = {
    kind: 'single',
    roots: [0, 1, 2, 3].map((branch) => ({
      id: `branch-${branch}`,
      children: classes.filter((_, index) => index % 4 === branch).map(leaf),
    })),
  }
  // Long-tailed, and a model that is surer of itself than it may be.
  const bias = classes.map((_, index) => -1.2 * Math.log(index + 1))
  const drawItem = (random: () => number) => {
    const logits = bias.map((value) => value + 1.6 * normal(random))
    const truth = indexDrawer(softmax(logits))(random)
    return { label: classes[truth] ?? '', truth, probabilities: softmax(logits, 0.7), unit: random() }
  }
  const fit = (random: () => number, n: number) =>
    fitMondrian(
      tree,
      Array.from({ length: n }, (): TrueScore => {
        const { label, truth, probabilities, unit } = drawItem(random)
        return { label, score: rapsScores(probabilities, unit)[truth] ?? NaN }
      }),
      // A quantile of n scores covers up to 1/(n + 1) more than promised: of 100 and more, less than 1 %.
      { alpha: 0.1, scoresMin: 100 },
    )

  it('hold the truth in 90 ± 1 % of items, overall and in every group', () => {
    const random = seeded(3)
    const held = new Map<string, { of: number; items: number }>()
    for (let round = 0; round < 5; round++) {
      const fitted = fit(random, 2000)
      const groupOf = new Map(fitted.groups.flatMap(({ members, node }) => members.map((id) => [id, node ?? 'all'])))
      for (let i = 0; i < 2000; i++) {
        const { label, probabilities, unit } = drawItem(random)
        const isHeld = candidatesOf(fitted, classes, probabilities, unit).some((one) => one.label === label)
        for (const key of ['overall', groupOf.get(label) ?? 'unseen']) {
          const seen = held.get(key) ?? { of: 0, items: 0 }
          held.set(key, { of: seen.of + Number(isHeld), items: seen.items + 1 })
        }
      }
    }
    const share = (key: string) => (held.get(key)?.of ?? 0) / (held.get(key)?.items ?? 0)
    expect(Math.abs(share('overall') - 0.9)).toBeLessThan(0.01)
    const large = [...held.keys()].filter((key) => (held.get(key)?.items ?? 0) > 1000)
    expect(large.length).toBeGreaterThan(3)
    for (const key of large) expect(Math.abs(share(key) - 0.9)).toBeLessThan(0.05)
  })

  it('merge rare classes into their parent, and name everything where even that is too little', () => {
    const rows = (label: string, n: number) => Array.from({ length: n }, () => ({ label, score: 0.5 }))
    const { groups } = fitMondrian(
      tree,
      [...rows('class-0', 9), ...rows('class-4', 5), ...rows('class-8', 4), ...rows('class-1', 2)],
      { alpha: 0.1 },
    )
    expect(groups.map(({ node, members, n, quantile }) => [node, members.length, n, quantile])).toEqual([
      ['class-0', 1, 9, 0.5],
      ['branch-0', 2, 9, 0.5],
      [null, 1, 2, null],
    ])
  })

  it('are the same whenever they are asked for, also after storing, and never empty', () => {
    const random = seeded(5)
    const fitted = fit(random, 600)
    const stored = JSON.parse(JSON.stringify(fitted)) as typeof fitted
    for (let i = 0; i < 200; i++) {
      const { probabilities, unit } = drawItem(random)
      const set = candidatesOf(fitted, classes, probabilities, unit)
      expect(candidatesOf(stored, classes, probabilities, unit)).toEqual(set)
      expect(set.length).toBeGreaterThan(0)
    }
  })

  it('refuse probabilities that are not one for each label', () => {
    expect(() => candidatesOf(fit(seeded(1), 50), classes, [0.5, 0.5], 0.5)).toThrow('2 probabilities for 24 labels')
  })
})
