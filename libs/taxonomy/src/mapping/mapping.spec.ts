import { describe, expect, it } from '@jest/globals'
import { describeUnless } from '@reeltag/testing'
import fc from 'fast-check'
import fs from 'node:fs'
import path from 'node:path'
import { readPaths } from '../source/path-list.js'
import { writeYaml } from '../source/write-source.js'
import { Taxonomy } from '../taxonomy.js'
import { node, taxonomy } from '../versions/trees.fixture.js'
import { LabelMapping, writeMapping } from './label-mapping.js'
import { draftMapping, textsToCompare } from './propose.js'
import { nGramSimilarity, vectorSimilarity } from './similarity.js'

const tree = Taxonomy.of(taxonomy(1, [node('animals', node('cat'), node('dog')), node('food')]))
const source = {
  format: 1,
  name: 'old-table',
  version: 4,
  source: { name: 'old', classes: ['Katze', 'pets', 'meal', 'misc'] },
  taxonomy: 'tiny/1',
  facet: 'subject',
  classes: [
    { from: 'Katze', to: 'cat' },
    { from: 'pets', to: { cat: 0.6, dog: 0.4 } },
    { from: 'meal', to: 'food', proposed: [{ to: 'food', similarity: 0.4 }] },
  ],
  unmapped: [{ because: 'says nothing', classes: ['misc'] }],
}
const parse = (change: object = {}) => LabelMapping.parse(writeYaml({ ...source, ...change }), 'map.yaml', tree)

describe('a mapping of labels', () => {
  it('carries probabilities over, many to many, and accounts for their mass', () => {
    const { nodes, unmapped, mass } = parse().apply({ Katze: 0.2, pets: 0.5, meal: 0.2, misc: 0.1 })
    expect([...nodes].map(([id, value]) => [id, Number(value.toFixed(12))])).toEqual([
      ['cat', 0.5],
      ['dog', 0.2],
      ['food', 0.2],
    ])
    expect(unmapped).toEqual([{ from: 'misc', mass: 0.1, because: 'says nothing' }])
    expect(mass.given).toBeCloseTo(1, 12)
    expect(mass.unmapped).toBe(0.1)
  })

  it('carries a label over, or says why not', () => {
    expect(parse().label('pets').nodes).toEqual([
      { node: 'cat', path: 'animals/cat', weight: 0.6 },
      { node: 'dog', path: 'animals/dog', weight: 0.4 },
    ])
    expect(parse().label('misc')).toEqual({ nodes: [], because: 'says nothing' })
  })

  it.each([
    [
      'weights that do not sum',
      { classes: [...source.classes.slice(0, 1), { from: 'pets', to: { cat: 0.6, dog: 0.3 } }, source.classes[2]] },
      /line \d+: classes\[1\]\.to the weights sum to 0\.9, not to 1/,
    ],
    [
      'a node outside the tree',
      { classes: [{ from: 'Katze', to: 'puma' }, ...source.classes.slice(1)] },
      /facet subject has no node puma/,
    ],
    [
      'a class that is neither mapped nor unmapped',
      { unmapped: [] },
      /line \d+: .*"misc" is neither mapped nor listed/,
    ],
    [
      'a class that is mapped twice',
      { unmapped: [{ because: 'x', classes: ['misc', 'meal'] }] },
      /"meal" is listed before/,
    ],
    [
      'a class that the vocabulary lacks',
      { unmapped: [{ because: 'x', classes: ['misc', 'mist'] }] },
      /"mist" is no class/,
    ],
    [
      'a vocabulary that names a class twice',
      { source: { name: 'old', classes: [...source.source.classes, 'pets'] } },
      /"pets" is listed twice/,
    ],
    [
      'a candidate that nobody confirmed',
      { classes: [...source.classes.slice(0, 2), { from: 'meal', proposed: source.classes[2]!.proposed }] },
      /is missing for "meal": confirm a candidate/,
    ],
    ['another taxonomy', { taxonomy: 'tiny/2' }, /taxonomy is not the given taxonomy, tiny\/1/],
    ['a facet that the taxonomy lacks', { facet: 'motion' }, /is not in tiny\/1, which has subject/],
  ])('is refused for %s', (_, change, message) => {
    expect(() => parse(change)).toThrow(message)
    expect(() => parse(change)).toThrow(expect.objectContaining({ code: 'MAPPING_INVALID' }))
  })

  it('refuses classes that it does not know and values that are no probabilities', () => {
    expect(() => parse().apply({ Hund: 1 })).toThrow('"Hund" is not in old, which old-table/4 maps')
    expect(() => parse().apply({ pets: Number.NaN })).toThrow('"pets" has NaN, no probability')
    expect(() => parse().apply({ pets: -0.1 })).toThrow('no probability')
    expect(() => parse().label('Hund')).toThrow('is not in old')
  })

  it('neither loses nor makes mass, whatever is mapped to what', () => {
    const ids = ['animals', 'cat', 'dog', 'food']
    const weights = fc
      .dictionary(fc.constantFrom(...ids), fc.integer({ min: 1, max: 1000 }), { minKeys: 1 })
      .map((parts) => {
        const total = Object.values(parts).reduce((one, other) => one + other, 0)
        // As a person writes them, rounded.
        return Object.fromEntries(Object.entries(parts).map(([id, part]) => [id, Number((part / total).toFixed(7))]))
      })
    const target = fc.option(weights.filter((parts) => Object.values(parts).every((weight) => weight > 0)))
    fc.assert(
      fc.property(
        fc.array(fc.tuple(target, fc.double({ min: 0, max: 1, noNaN: true })), { minLength: 1, maxLength: 20 }),
        (classes) => {
          const total = classes.reduce((one, [, value]) => one + value, 0) || 1
          const name = (index: number): string => `class ${index}`
          const mapping = parse({
            source: { name: 'old', classes: classes.map((_, index) => name(index)) },
            classes: classes.flatMap(([to], index) => (to === null ? [] : [{ from: name(index), to }])),
            unmapped: classes.flatMap(([to], index) => (to === null ? [{ because: 'x', classes: [name(index)] }] : [])),
          })
          const given = Object.fromEntries(classes.map(([, value], index) => [name(index), value / total]))
          const { mass, nodes, unmapped } = mapping.apply(given)
          expect(Math.abs(mass.given - mass.mapped - mass.unmapped)).toBeLessThanOrEqual(1e-12)
          const parts = [...nodes.values(), ...unmapped.map((one) => one.mass)].reduce((one, other) => one + other, 0)
          expect(Math.abs(parts - mass.given)).toBeLessThanOrEqual(1e-12)
        },
      ),
    )
  })
})

describe('a proposal', () => {
  const classes = ['pets/house_cat', 'hot dog', 'foods']
  const draft = (similarity = nGramSimilarity()) =>
    draftMapping(
      { name: 'x', source: { name: 'old', classes }, taxonomy: 'tiny/1' },
      tree.facet('subject'),
      similarity,
      { top: 2 },
    )

  it('ranks nodes by spelling, the likeliest first', () => {
    expect(draft().classes.map(({ proposed }) => proposed?.[0]?.to)).toEqual(['cat', 'dog', 'food'])
    expect(draft().classes.every(({ proposed }) => proposed?.length === 2)).toBe(true)
  })

  it('ranks nodes by the vectors of an encoder', () => {
    const texts = textsToCompare(classes, tree.facet('subject'))
    const vectors = new Map(texts.map((text) => [text, text.includes('food') || text === 'hot dog' ? [1, 0] : [0, 1]]))
    const [, hotDog] = draft(vectorSimilarity(vectors)).classes
    expect(hotDog?.proposed?.[0]).toEqual({ to: 'food', similarity: 1 })
    expect(() => draft(vectorSimilarity(new Map()))).toThrow('there is no vector for')
  })

  it('is refused until a person has confirmed every class', () => {
    expect(() => LabelMapping.parse(writeMapping(draft() as never), 'draft.yaml', tree)).toThrow(
      /is missing for "pets\/house_cat"/,
    )
    const confirmed = { ...draft(), classes: draft().classes.map((one) => ({ ...one, to: one.proposed![0]!.to })) }
    expect(LabelMapping.parse(writeMapping(confirmed), 'draft.yaml', tree).label('hot dog').nodes).toMatchObject([
      { node: 'dog' },
    ])
  })
})

const root = path.resolve(import.meta.dirname, '../../../..')
const kinetics = path.join(root, '../shared/data/taxonomies/kinetics-400.txt')
const missing = fs.existsSync(kinetics)
  ? undefined
  : 'optional: no Kinetics-400: put its label list at ../shared/data/taxonomies'

describeUnless(missing, 'Kinetics-400 on the starter taxonomy', () => {
  it('is proposed by spelling, confirmed by a rule of this test, and keeps its mass', () => {
    const classes = readPaths(fs.readFileSync(kinetics, 'utf8'), kinetics).map((segments) => segments.join('/'))
    const file = path.join(root, 'taxonomies/starter/2.yaml')
    const starter = Taxonomy.parse(fs.readFileSync(file, 'utf8'), file)
    const facet = starter.facet('subject')
    const draft = draftMapping(
      { name: 'kinetics-400', source: { name: 'Kinetics-400', classes }, taxonomy: starter.ref },
      facet,
      nGramSimilarity(),
    )
    const isClear = ({ proposed = [] }: (typeof draft.classes)[number]): boolean =>
      (proposed[0]?.similarity ?? 0) >= 0.6
    const clear = draft.classes.filter(isClear).map((one) => ({ ...one, to: one.proposed![0]!.to }))
    const others = draft.classes.filter((one) => !isClear(one)).map(({ from }) => from)
    const text = writeMapping({
      ...draft,
      classes: clear,
      unmapped: [{ because: 'no node is spelt like it', classes: others }],
    })
    const mapping = LabelMapping.parse(text, 'kinetics.yaml', starter)
    expect(mapping.classes).toHaveLength(400)
    expect(clear.length).toBeGreaterThan(5)
    const { mass } = mapping.apply(Object.fromEntries(classes.map((name) => [name, 1 / 400])))
    expect(Math.abs(mass.given - mass.mapped - mass.unmapped)).toBeLessThanOrEqual(1e-12)
    expect(mass.mapped).toBeCloseTo(clear.length / 400, 12)
  })
})
