import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { LabelTree } from './label-tree.js'
import { poolUnderParents } from './pool-under-parents.js'

interface Node {
  id: string
  children: Node[]
}
const leaf = (id: string): Node => ({ id, children: [] })
const tree: LabelTree<Node> = {
  kind: 'single',
  roots: [
    {
      id: 'animals',
      children: [
        { id: 'pets', children: [leaf('cat'), leaf('dog'), leaf('hamster')] },
        { id: 'wild', children: [leaf('bear')] },
      ],
    },
    { id: 'food', children: [leaf('apple'), leaf('pear')] },
  ],
}
const classes = ['cat', 'dog', 'hamster', 'bear', 'apple', 'pear']
const pool = (rows: Record<string, number>, rowsMin = 10) =>
  poolUnderParents(tree, new Map(Object.entries(rows)), rowsMin).map(
    ({ node, members, sufficient }) => `${node}: ${members.join(' ')}${sufficient ? '' : ' (too few)'}`,
  )

describe('poolUnderParents', () => {
  it('leaves alone what has enough, and pools the rest under the nearest branch that has', () => {
    expect(pool({ cat: 30, dog: 6, hamster: 5, bear: 4, apple: 7, pear: 2 })).toEqual([
      'cat: cat',
      'pets: dog hamster',
      'null: bear apple pear',
    ])
  })

  it('tells what is too little even at the root', () => {
    expect(pool({ cat: 30, bear: 4 })).toEqual(['cat: cat', 'null: bear (too few)'])
  })

  it('keeps the rows of an inner node apart where they are enough', () => {
    expect(pool({ pets: 12, dog: 6, hamster: 5 })).toEqual(['pets: pets', 'pets: dog hamster'])
  })

  it('refuses classes that are not in the tree, by name', () => {
    expect(() => pool({ unicorn: 1 })).toThrow('not in the tree: unicorn')
  })

  it('puts every class that has rows in exactly one pool and loses no row', () => {
    const rows = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 6, maxLength: 6 })
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 60 }), (counts, rowsMin) => {
        const given = new Map(classes.map((id, index) => [id, counts[index] ?? 0]))
        const pools = poolUnderParents(tree, given, rowsMin)
        const members = pools.flatMap((one) => one.members)
        expect(members.toSorted()).toEqual(classes.filter((id) => (given.get(id) ?? 0) > 0).toSorted())
        expect(pools.reduce((sum, one) => sum + one.rows, 0)).toBe(counts.reduce((sum, count) => sum + count, 0))
        for (const one of pools) expect(one.sufficient).toBe(one.rows >= rowsMin)
      }),
    )
  })
})
