import { describe, expect, it } from '@jest/globals'
import type { LabelTree } from '../label-tree.js'
import { certifyGroups, type GroupedRow } from './certify-groups.js'
import { certifyMasks } from './certify-masks.js'
import { thresholdsOf } from './thresholds-of.js'

interface Node {
  id: string
  children: Node[]
}
const leaf = (id: string): Node => ({ id, children: [] })
const tree: LabelTree<Node> = {
  kind: 'single',
  roots: [{ id: 'animals', children: [leaf('cat'), leaf('dog'), leaf('bear')] }, leaf('food')],
}
const rows = (group: string, count: number, ...wrongAt: number[]): GroupedRow[] =>
  Array.from({ length: count }, (_, index) => ({ group, score: 1 - index / count, correct: !wrongAt.includes(index) }))
const target = { alpha: 0.1, delta: 0.1 }

describe('certifyGroups', () => {
  it('gives a class its own threshold, and small classes one together', () => {
    const result = certifyGroups(
      tree,
      [...rows('cat', 60, 40, 41, 42, 43), ...rows('dog', 20), ...rows('bear', 20), ...rows('food', 3)],
      target,
      { multiplicity: 'each' },
    )
    expect(result.groups.map(({ node, members, outcome }) => [node, members.join(' '), outcome.kind])).toEqual([
      ['cat', 'cat', 'certified'],
      ['animals', 'dog bear', 'certified'],
      [null, 'food', 'refused'],
    ])
    expect(result.groups[2]?.outcome).toHaveProperty('message', 'needs 22 audited items with no error; you have 3')
    expect(Object.keys(thresholdsOf(result.groups))).toEqual(['cat', 'dog', 'bear'])
  })

  it('says which promise it gives, and which share of delta each group had', () => {
    const given = [...rows('cat', 90, 80), ...rows('food', 90, 70)]
    const levels = (['each', 'bonferroni'] as const).map((multiplicity) => {
      const result = certifyGroups(tree, given, target, { multiplicity })
      expect(result).toMatchObject({ multiplicity, alpha: 0.1, delta: 0.1 })
      return result.groups.map(({ outcome }) => [outcome.level, outcome.delta])
    })
    expect(levels).toEqual([
      [
        [0.1, 0.1],
        [0.1, 0.1],
      ],
      [
        [0.05, 0.1],
        [0.05, 0.1],
      ],
    ])
  })

  it('hands the share of a group that is done on to the others by Holm, and by Bonferroni not', () => {
    // The third error of food is proven at 0.1 and not at 0.05.
    const given = [...rows('cat', 90), ...rows('food', 60, 50, 51, 59)]
    const accepted = (multiplicity: 'bonferroni' | 'holm') =>
      certifyGroups(tree, given, target, { multiplicity }).groups.map(({ outcome }) => outcome.n)
    const [bonferroni, holm] = [accepted('bonferroni'), accepted('holm')]
    expect(bonferroni[0]).toBe(90)
    expect(holm[0]).toBe(90)
    expect(holm[1]).toBeGreaterThan(bonferroni[1] ?? NaN)
  })

  it('pools more where a group has to survive errors', () => {
    const given = [...rows('cat', 30), ...rows('dog', 30)]
    const pools = (errorsAllowed: number) =>
      certifyGroups(tree, given, target, { multiplicity: 'each', errorsAllowed }).groups.map(({ node }) => node)
    expect([pools(0), pools(1)]).toEqual([['cat', 'dog'], ['animals']])
  })

  it('refuses a group outside the tree', () => {
    const refused = () => certifyGroups(tree, rows('unicorn', 3), target, { multiplicity: 'each' })
    expect(refused).toThrow(expect.objectContaining({ code: 'DECISION_INPUT_INVALID' }))
  })
})

describe('certifyMasks', () => {
  it('certifies each mask from its own rows, with a share of delta where the promise is for all', () => {
    const given = new Map([
      ['text', rows('cat', 60)],
      ['text+video', rows('cat', 30)],
    ])
    const levels = (multiplicity: 'each' | 'holm') =>
      [...certifyMasks(tree, given, target, { multiplicity })].map(([mask, { groups }]) => [
        mask,
        groups[0]?.outcome.n,
        groups[0]?.outcome.level,
      ])
    expect(levels('each')).toEqual([
      ['text', 60, 0.1],
      ['text+video', 30, 0.1],
    ])
    expect(levels('holm')).toEqual([
      ['text', 60, 0.05],
      ['text+video', 30, 0.05],
    ])
  })
})
