import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { NodeSource } from '../source/schema.js'
import { Taxonomy } from '../taxonomy.js'
import { writeYaml } from '../source/write-source.js'
import { carryValues } from './carry-values.js'
import { draftMigration, writeMigration } from './draft-migration.js'
import { Migration } from './migration.js'
import { ScoreMigration } from './score-migration.js'
import { anyTree, node, taxonomy } from './trees.fixture.js'

const oldNodes = [
  node('animals', node('cat'), node('kitten'), node('bird')),
  node('sports'),
  node('food', node('fish'), node('soup')),
  node('misc', node('odd')),
]
const newNodes = [
  node('animals', node('cat'), node('birds'), node('fish')),
  node('sports', node('football'), node('tennis')),
  node('food'),
]
const steps = {
  id: 'subject',
  moved: [{ node: 'fish', under: 'animals' }],
  renamed: [{ from: 'bird', to: 'birds' }],
  merged: [{ from: ['cat', 'kitten'], to: 'cat' }],
  split: [{ from: 'sports', to: { football: 0.7, tennis: 0.3 } }],
  retired: [
    { node: 'soup', to: 'parent' },
    { node: 'misc', to: 'unmapped', because: 'nobody used it' },
    { node: 'odd', to: 'parent' },
  ],
}
type Steps = Record<string, unknown>

const version = (number: number, nodes: NodeSource[], kind: 'multi' | 'single' = 'single'): Taxonomy =>
  Taxonomy.of(taxonomy(number, nodes, kind))
const migrate = (change: Steps = {}, from = version(1, oldNodes), to = version(2, newNodes)): Migration => {
  const facet = Object.fromEntries(Object.entries({ ...steps, ...change }).filter(([, value]) => value !== undefined))
  return Migration.parse(writeYaml({ format: 1, from: from.ref, to: to.ref, facets: [facet] }), 'm.yaml', from, to)
}
/** Leaves of the old tree: cat, kitten, bird, sports, fish, soup, odd. */
const probabilities = [0.1, 0.2, 0.05, 0.3, 0.15, 0.15, 0.05]

describe('a migration', () => {
  it('carries each label to where its node went', () => {
    const facet = migrate().facet('subject')
    const paths = (label: string) => facet.label(label).path
    expect(paths('animals/cat')).toBe('animals/cat')
    expect(paths('animals/kitten')).toBe('animals/cat')
    expect(paths('animals/bird')).toBe('animals/birds')
    expect(paths('food/fish')).toBe('animals/fish')
    expect(facet.label('sports')).toMatchObject({ path: 'sports', fate: 'split', coarser: false })
    expect(facet.label('food/soup')).toMatchObject({ path: 'food', fate: 'retired', coarser: true })
    expect(facet.label('misc')).toEqual({ path: null, fate: 'retired', coarser: false, because: 'nobody used it' })
    expect(paths('misc/odd')).toBe(null)
    expect(() => facet.label('animals/fish')).toThrow('facet subject has no path animals/fish: fish lies at food/fish')
  })

  it('carries a set of labels, and reports those without a place', () => {
    const set = migrate().facet('subject').labels(['animals/cat', 'animals/kitten', 'misc/odd', 'food/soup'])
    expect(set.paths).toEqual(['animals/cat', 'food'])
    expect(set.unmapped).toMatchObject([{ fate: 'retired' }])
    expect(set.coarser).toMatchObject([{ path: 'food' }])
  })

  it('sends a label whose node was split and is gone to what the parts have in common', () => {
    const from = version(1, [node('a', node('x'), node('y'))])
    const to = version(2, [node('a', node('x1'), node('x2'), node('y'))])
    const split = [{ from: 'x', to: { x1: 0.5, x2: 0.5 } }]
    const facet = migrate(
      { moved: undefined, renamed: undefined, merged: undefined, retired: undefined, split },
      from,
      to,
    ).facet('subject')
    expect(facet.label('a/x')).toEqual({
      path: 'a',
      fate: 'split',
      coarser: true,
      because: 'nobody can say which of x1, x2 it is',
    })
  })

  it.each([
    ['a node that is lost', { retired: steps.retired.slice(1) }, /soup is lost: list it/],
    ['a move that is not stated', { moved: undefined }, /fish lies under animals now: list it as moved/],
    [
      'a move to where the node is not',
      { moved: [{ node: 'fish', under: null }] },
      /line \d+: .*fish lies under animals/,
    ],
    ['a node that the old version lacks', { renamed: [{ from: 'bard', to: 'birds' }] }, /no node bard/],
    ['a node that the new version lacks', { renamed: [{ from: 'bird', to: 'byrds' }] }, /no node byrds/],
    [
      'weights that do not sum',
      { split: [{ from: 'sports', to: { football: 0.7, tennis: 0.2 } }] },
      /sum to 0.9, not to 1/,
    ],
    ['a weight of nothing', { split: [{ from: 'sports', to: { football: 1, tennis: 0 } }] }, /must be more than 0/],
    ['a node with two fates', { renamed: [...steps.renamed, { from: 'soup', to: 'food' }] }, /soup is listed twice/],
    [
      'a node that is retired and still there',
      { retired: [...steps.retired, { node: 'food', to: 'unmapped' }] },
      /food is still a node/,
    ],
    [
      'a root that is retired to a parent',
      { retired: steps.retired.map((one) => ({ ...one, to: 'parent' })) },
      /misc has no parent/,
    ],
    [
      'what nobody has decided',
      { retired: steps.retired.map((one) => ({ ...one, to: 'undecided' })) },
      /soup is undecided/,
    ],
  ])('is refused for %s', (_, change, message) => {
    expect(() => migrate(change)).toThrow(message)
    expect(() => migrate(change)).toThrow(expect.objectContaining({ code: 'MIGRATION_INVALID' }))
  })

  it('is refused for other versions than its own', () => {
    const text = writeYaml({ format: 1, from: 'tiny/1', to: 'tiny/3', facets: [] })
    expect(() => Migration.parse(text, 'm.yaml', version(1, oldNodes), version(2, newNodes))).toThrow(
      'line 3: to is not the given taxonomy, tiny/2',
    )
  })

  it('names a facet that would be lost, and carries none of its labels once it is retired', () => {
    const [from, to] = [
      version(1, oldNodes),
      Taxonomy.of({ ...taxonomy(2, oldNodes), facets: [{ ...taxonomy(2, oldNodes).facets[0]!, id: 'other' }] }),
    ]
    const parse = (more: object) =>
      Migration.parse(writeYaml({ format: 1, from: 'tiny/1', to: 'tiny/2', facets: [], ...more }), 'm', from, to)
    expect(() => parse({})).toThrow('facet subject is lost')
    const { label } = {
      label: parse({ retiredFacets: [{ id: 'subject', because: 'replaced' }] })
        .facet('subject')
        .label('food'),
    }
    expect(label).toMatchObject({ path: null, because: 'replaced' })
  })
})

describe('scores of a migration', () => {
  it('sums what is merged, divides what is split, and keeps account of what is unmapped', () => {
    const retired = steps.retired.map((one) => (one.node === 'soup' ? { ...one, to: 'unmapped' } : one))
    const { leaves, values, unmapped, unreached } = new ScoreMigration(
      migrate({ retired }).facet('subject'),
    ).probabilities(probabilities)
    const byLeaf = Object.fromEntries(leaves.map((leaf, index) => [leaf, Number(values[index]?.toFixed(12))]))
    expect(byLeaf).toEqual({ cat: 0.3, birds: 0.05, fish: 0.15, football: 0.21, tennis: 0.09, food: 0 })
    expect(unmapped.map(({ node: id, mass }) => [id, mass])).toEqual([
      ['soup', 0.15],
      ['odd', 0.05],
    ])
    expect(unreached).toEqual(['food'])
  })

  it('gives a leaf that is retired to its parent to the parent, where that is a leaf now', () => {
    const { values, leaves } = new ScoreMigration(migrate().facet('subject')).probabilities(probabilities)
    expect(values[leaves.indexOf('food')]).toBeCloseTo(0.15, 12)
  })

  it('has logits whose softmax is what becomes of the probabilities', () => {
    const from = version(1, oldNodes.slice(0, 3))
    const facet = migrate({ retired: steps.retired.slice(0, 1) }, from).facet('subject')
    const scores = new ScoreMigration(facet)
    const logits = fc.array(fc.double({ min: -30, max: 30, noNaN: true }), { minLength: 6, maxLength: 6 })
    fc.assert(
      fc.property(logits, fc.double({ min: 0.2, max: 5, noNaN: true }), (given, temperature) => {
        const expected = scores.probabilities(softmax(given, temperature)).values
        const found = softmax([...scores.logits(given, temperature).values], temperature)
        for (const [index, value] of found.entries()) expect(value).toBeCloseTo(expected[index] ?? NaN, 10)
      }),
    )
  })

  it('refuses, with the reason, what would be a guess', () => {
    const split = new ScoreMigration(migrate({ split: undefined }).facet('subject'))
    expect(split.refused).toEqual(['sports goes to sports, which has nodes below it: split sports by weights'])
    expect(() => split.probabilities(probabilities)).toThrow('split sports by weights')
    const multi = new ScoreMigration(
      migrate({}, version(1, oldNodes, 'multi'), version(2, newNodes, 'multi')).facet('subject'),
    )
    expect(multi.refused).toEqual(['sports is split, and its parts do not exclude one another'])
    const kind = new ScoreMigration(migrate({}, version(1, oldNodes), version(2, newNodes, 'multi')).facet('subject'))
    expect(kind.refused).toEqual(['the facet was single and is multi'])
    expect(() => new ScoreMigration(migrate().facet('subject')).logits(probabilities)).toThrow('odd is unmapped')
    expect(() => new ScoreMigration(migrate().facet('subject')).probabilities([1])).toThrow('1 scores for 7 leaves')
  })

  it('takes the larger of merged nodes that do not exclude one another', () => {
    const to = version(2, [...newNodes.slice(0, 1), node('sports'), node('food')], 'multi')
    const facet = migrate({ split: undefined }, version(1, oldNodes, 'multi'), to).facet('subject')
    const { values, leaves } = new ScoreMigration(facet).probabilities([0.9, 0.8, 0, 0, 0, 0, 0])
    expect(values[leaves.indexOf('cat')]).toBe(0.9)
  })

  it('keeps the mass of any tree whose removed nodes are retired', () => {
    fc.assert(
      fc.property(
        anyTree,
        anyTree,
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (one, other, stream) => {
          const [from, to] = [taxonomy(1, one), taxonomy(2, other)]
          const draft = draftMigration(from, to)
          for (const { retired } of draft.facets) for (const step of retired ?? []) step.to = 'unmapped'
          const [old, next] = [Taxonomy.of(from), Taxonomy.of(to)]
          const facet = Migration.parse(writeMigration(draft), 'draft', old, next).facet('subject')
          for (const { id } of old.facet('subject').all()) expect(facet.fate(id)).toBeDefined()
          const scores = new ScoreMigration(facet)
          if (scores.refused.length > 0) return
          const given = old.facet('subject').leaves.map(() => stream.next().value as number)
          const { values, unmapped } = scores.probabilities(given)
          const after = sum([...values]) + sum(unmapped.map(({ mass }) => mass))
          expect(Math.abs(after - sum(given))).toBeLessThanOrEqual(1e-12)
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('values by node', () => {
  it('are carried where the node takes in the same contents, and dropped with the reason where not', () => {
    const nodes = ['animals', 'cat', 'kitten', 'bird', 'sports', 'fish', 'food', 'soup', 'misc']
    const { values, dropped } = carryValues(migrate().facet('subject'), new Map(nodes.map((id) => [id, `of ${id}`])))
    expect(Object.fromEntries(values)).toEqual({ birds: 'of bird', sports: 'of sports', fish: 'of fish' })
    expect(Object.fromEntries(dropped.map(({ node: id, because }) => [id, because]))).toEqual({
      animals: 'animals took in fish: fit it again',
      cat: 'cat took in kitten: fit it again',
      kitten: 'cat took in cat: fit it again',
      food: 'food lost fish: fit it again',
      soup: 'soup was retired',
      misc: 'nobody used it',
    })
  })

  it('are dropped where a node has gained a new leaf', () => {
    const to = version(2, [
      node('animals', node('cat'), node('kitten'), node('bird'), node('cow')),
      ...oldNodes.slice(1),
    ])
    const none = { moved: undefined, renamed: undefined, merged: undefined, split: undefined, retired: undefined }
    const { dropped } = carryValues(
      migrate(none, version(1, oldNodes), to).facet('subject'),
      new Map([
        ['animals', 1],
        ['cat', 2],
      ]),
    )
    expect(dropped).toEqual([{ node: 'animals', because: 'animals has the new cow: fit it again' }])
  })
})

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

const softmax = (logits: readonly number[], temperature: number): number[] => {
  const top = Math.max(...logits)
  const terms = logits.map((logit) => Math.exp((logit - top) / temperature))
  return terms.map((term) => term / sum(terms))
}
