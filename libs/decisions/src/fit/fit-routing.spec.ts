import { describe, expect, it } from '@jest/globals'
import { Taxonomy } from '@reeltag/taxonomy'
import { compileTree } from '../compiled-tree.js'
import { facetScores } from '../score/facet-scores.js'
import { sigmoid } from '../score/softmax.js'
import { decideContent, type FacetToDecide } from '../decide-content.js'
import { disagreementOf } from '../routing/disagreement.js'
import { errorCostOf, errorProbabilityOf } from '../routing/cost-of-error.js'
import { noveltyOf } from '../routing/novelty.js'
import { routeOpenItems, type OpenItem } from '../routing/route-open-items.js'
import { rulesOfPolicy } from '../routing/rules-of-policy.js'
import { normal, seeded } from '../simulation.fixture.js'
import { fitRouting } from './fit-routing.js'

const yaml = `
format: 1
name: t
version: 1
facets:
- id: subject
  kind: single
  names: {zh: a, en: a}
  nodes:
  - id: animals
    names: {zh: b, en: b}
    children:
    - {id: cat, names: {zh: c, en: c}}
    - {id: snake, sensitive: true, names: {zh: d, en: d}}
  - {id: food, names: {zh: e, en: e}}
`
const facet = Taxonomy.parse(yaml, 't.yaml').facet('subject')
const leaves = ['cat', 'snake', 'food']
const facets: FacetToDecide[] = [
  {
    facet,
    leaves,
    temperature: { text: 1, video: 1 },
    publish: { text: { kind: 'threshold', at: 0.8 } },
    role: 'deciding',
  },
]
const logitsOf = (...probabilities: number[]) => ({ subject: probabilities.map(Math.log) })
const tag = (path: string, confidence: number, status: 'published' | 'candidate') =>
  ({ facet: 'subject', path, confidence, status }) as const

describe('rules of a policy', () => {
  const hits = (routing: Parameters<typeof rulesOfPolicy>[1], logits: ReturnType<typeof logitsOf>) =>
    decideContent(facets, logits, 'text', { rules: rulesOfPolicy(facets, routing), facts: {} }).because

  it('send what is or may be of a sensitive node, as the tree or the policy says', () => {
    const byTree = { rules: { sensitive: { tree: true, nodes: [] } } }
    expect(hits(byTree, logitsOf(0.05, 0.9, 0.05))).toEqual([{ rule: 'sensitive-node', node: 'subject:snake' }])
    // Nobody is sure, and the likeliest leaf is sensitive.
    expect(hits(byTree, logitsOf(0.1, 0.5, 0.4))).toEqual([{ rule: 'sensitive-node', node: 'subject:snake' }])
    expect(hits(byTree, logitsOf(0.9, 0.05, 0.05))).toBeUndefined()
    const named = { rules: { sensitive: { tree: false, nodes: ['subject:animals'] } } }
    expect(hits(named, logitsOf(0.9, 0.05, 0.05))).toEqual([{ rule: 'sensitive-node', node: 'subject:animals' }])
    expect(hits(named, logitsOf(0.05, 0.05, 0.9))).toBeUndefined()
  })

  it('are none where the policy has none, and leave the decision alone where nothing is known', () => {
    expect(rulesOfPolicy(facets, undefined)).toBeUndefined()
    expect(rulesOfPolicy(facets, { rules: {} })).toBeUndefined()
    const routing = { rules: { novelty: { max: 0.5 }, newAuthor: { contentsMin: 3 } } }
    expect(decideContent(facets, logitsOf(0.9, 0.05, 0.05), 'text', { rules: rulesOfPolicy(facets, routing) })).toEqual(
      decideContent(facets, logitsOf(0.9, 0.05, 0.05), 'text'),
    )
  })

  it('refuse nodes that the tree does not have', () => {
    const rules = { sensitive: { tree: false, nodes: ['subject:dragon', 'colour:red', 'subject:cat'] } }
    expect(() => fitRouting(facets, [], { rules })).toThrow('the pack has no subject:dragon, colour:red')
    expect(() => fitRouting(facets, [], { costs: { default: 1, nodes: { 'subject:x': 2 } } })).toThrow('no subject:x')
  })
})

describe('novelty', () => {
  const random = seeded(4)
  const usual = () => {
    const top = Math.floor(random() * 3)
    return { subject: leaves.map((_, leaf) => (leaf === top ? 5 : 0) + 0.5 * normal(random)) }
  }
  const contents = Array.from({ length: 600 }, (_, i) => ({
    contentHash: i.toString(16).padStart(16, '0'),
    mask: 'text',
    logits: usual(),
    truth: {},
  }))
  const routing = fitRouting(facets, contents, { rules: { novelty: { max: 0.99 } } })
  const model = routing.novelty?.['text']

  it('is a quantile: of usual contents few are above it, and what is unlike all of them is', () => {
    if (model === undefined) throw new Error('nothing was fitted')
    const stored = JSON.parse(JSON.stringify(model)) as typeof model
    const found = Array.from({ length: 4_000 }, () => noveltyOf(stored, usual()) ?? NaN)
    const above = (limit: number) => found.filter((one) => one > limit).length / found.length
    expect(above(0.9)).toBeGreaterThan(0.06)
    expect(above(0.9)).toBeLessThan(0.14)
    expect(above(0.99)).toBeLessThan(0.03)
    // Between the classes, where the head was never sure, and far outside.
    for (const strange of [
      [2.5, 2.5, 0],
      [0, 0, 0],
      [30, -30, 0],
    ])
      expect(noveltyOf(stored, { subject: strange })).toBeGreaterThan(0.99)
  })

  it('does not see what a softmax does not see, and says nothing of other scores', () => {
    if (model === undefined) throw new Error('nothing was fitted')
    const [one, moved] = [{ subject: [5, 0.1, 0.2] }, { subject: [105, 100.1, 100.2] }]
    expect(noveltyOf(model, moved)).toBe(noveltyOf(model, one))
    expect(noveltyOf(model, { subject: [1, 2] })).toBeUndefined()
    expect(noveltyOf(model, {})).toBeUndefined()
  })

  it('is refused where too few contents are labelled to know what is usual', () => {
    expect(() => fitRouting(facets, contents.slice(0, 49), { rules: { novelty: { max: 0.99 } } })).toThrow(
      'the rule novelty needs 50 labelled contents',
    )
  })
})

describe('disagreement', () => {
  it('is the total variation between streams, each decided alone', () => {
    const ways = new Map([
      ['text', logitsOf(0.7, 0.2, 0.1)],
      ['video', logitsOf(0.1, 0.2, 0.7)],
    ])
    expect(disagreementOf(facets, ways)).toBeCloseTo(0.6, 12)
    expect(disagreementOf(facets, new Map([['text', logitsOf(1, 1, 1)]]))).toBeUndefined()
    const same = new Map([
      ['text', logitsOf(0.7, 0.2, 0.1)],
      ['video', logitsOf(0.7, 0.2, 0.1)],
    ])
    expect(disagreementOf(facets, same)).toBe(0)
  })
})

describe('a multi facet', () => {
  it('is made coherent as the policy says', () => {
    const nodes = ['animals', 'cat'].map((id) => [
      id,
      { calibrator: { kind: 'platt', a: 1, b: id === 'animals' ? -2 : 0 } },
    ])
    const calibration = {
      kind: 'multi',
      masks: { text: { rows: 9, temperature: { kind: 'temperature', t: 1 }, nodes: Object.fromEntries(nodes) } },
    } as unknown as NonNullable<FacetToDecide['calibration']>
    const tree = compileTree({ kind: 'multi', roots: facet.roots }, leaves)
    const under = (coherence?: 'max-up' | 'min-down') => {
      const scoring = { temperature: {}, calibration, ...(coherence && { coherence }) }
      const { probabilities } = facetScores(tree, [2, -9, -9], 'text', scoring)
      return ['animals', 'cat'].map((id) => probabilities[tree.ids.indexOf(id)])
    }
    const [cat, animals] = [sigmoid(2), sigmoid(0)]
    expect(under('max-up')).toEqual([expect.closeTo(cat, 9), expect.closeTo(cat, 9)])
    expect(under('min-down')).toEqual([expect.closeTo(animals, 9), expect.closeTo(animals, 9)])
    expect(under()).toEqual(under('max-up'))
  })
})

describe('what an error costs', () => {
  const tags = [tag('animals', 0.9, 'published'), tag('animals/cat', 0.5, 'candidate')]

  it('depends on what would be published, and on the deepest node that has a cost', () => {
    expect(errorProbabilityOf(tags)).toBeCloseTo(0.1, 12)
    expect(errorProbabilityOf([tag('food', 0.3, 'candidate'), tag('animals/cat', 0.6, 'candidate')])).toBeCloseTo(0.4)
    expect(errorProbabilityOf([])).toBe(1)
    expect(errorCostOf(tags, undefined)).toBe(1)
    const costs = { default: 2, nodes: { 'subject:animals': 5, 'subject:snake': 40 } }
    expect(errorCostOf(tags, costs)).toBe(5)
    expect(errorCostOf([tag('animals/snake', 0.4, 'candidate')], costs)).toBe(40)
    expect(errorCostOf([tag('food', 0.4, 'candidate')], costs)).toBe(2)
    // The snake has a cost of its own, and so has what is above it.
    expect(errorCostOf([tag('animals/snake', 0.4, 'published')], costs)).toBe(40)
  })
})

describe('routing of open items', () => {
  const now = new Date('2026-01-01T12:00:00Z')
  const item = (id: string, more: Partial<OpenItem> & { confidence?: number; minutesAgo?: number } = {}): OpenItem => ({
    id,
    createdAt: new Date(now.getTime() - (more.minutesAgo ?? 0) * 60_000),
    tags: [tag('food', more.confidence ?? 0.5, 'candidate')],
    rules: [],
    ...more,
  })
  const capacity = { reviewers: 1, slaMinutes: 64, minutesPerItem: 1 }
  const routes = (items: OpenItem[], can = capacity) => {
    const { items: routed } = routeOpenItems(items, can, undefined, now)
    return Object.fromEntries(routed.map(({ id, route }) => [id, route]))
  }

  it('gives the minutes to what is most likely wrong, and leaves the rest to the machine', () => {
    const items = Array.from({ length: 100 }, (_, i) => item(`i${i}`, { confidence: i / 100 }))
    const { summary } = routeOpenItems(items, capacity, undefined, now)
    expect(summary).toMatchObject({ items: { review: 64, decide: 36, hold: 0 }, late: 0, minutesUsed: 64 })
    expect(summary.minutePrice).toBeCloseTo(0.36, 9)
    expect(routes(items)).toMatchObject({ i0: 'review', i63: 'review', i64: 'decide' })
  })

  it('reviews late items while there are minutes, and lets none of them wait for ever', () => {
    expect(routes([item('late', { minutesAgo: 500, confidence: 0.1 }), item('new')])).toEqual({
      late: 'review',
      new: 'review',
    })
    const { summary } = routeOpenItems([item('late', { minutesAgo: 65 })], capacity, undefined, now)
    expect(summary.late).toBe(1)
  })

  it('holds what a rule sends and nobody has the minutes for', () => {
    const rules = [{ rule: 'sensitive-node', node: 'subject:snake' }]
    expect(routes([item('ruled', { rules }), item('other')], { ...capacity, reviewers: 0 })).toEqual({
      ruled: 'hold',
      other: 'decide',
    })
  })
})
