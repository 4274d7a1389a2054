import fs from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { seeded } from '../simulation.fixture.js'
import { minutesUntil, type Capacity, type RoutedItem } from './items.js'
import { route } from './route.js'
import { rulesHit } from './rules.js'

type Given = Omit<RoutedItem, 'rules'>
const unruled = (items: readonly Given[]): RoutedItem[] => items.map((item) => ({ ...item, rules: [] }))
// Made by fixtures/make_routing.py.
const golden = JSON.parse(fs.readFileSync(new URL('../../fixtures/routing.json', import.meta.url), 'utf8')) as {
  items: Given[]
  capacity: Capacity
  optimum: number
  minutePrice: number
}[]
const ruled = [{ rule: 'sensitive-node', node: 'weapons' }] as const

const anItem = fc.record({
  errorProbability: fc.double({ min: 0, max: 1, noNaN: true }),
  errorCost: fc.double({ min: 0, max: 20, noNaN: true }),
  minutes: fc.double({ min: 0.1, max: 5, noNaN: true }),
  dueMinutes: fc.constantFrom(5, 15, 40),
  rules: fc.constantFrom([], ruled),
})
const someItems = fc
  .array(anItem, { maxLength: 25 })
  .map((items) => items.map((item, index): RoutedItem => ({ ...item, id: `item-${index}` })))
const someCapacity = fc.record({
  reviewers: fc.integer({ min: 0, max: 3 }),
  backlogMinutes: fc.double({ min: 0, max: 20, noNaN: true }),
})
const reviewed = (items: readonly RoutedItem[], capacity: Capacity) => {
  const byId = new Map(items.map((item) => [item.id, item]))
  return route(items, capacity).items.flatMap(({ id, route: way }) => (way === 'review' ? (byId.get(id) ?? []) : []))
}

describe('route on problems that a solver has solved', () => {
  it('avoids the cost that the optimum avoids, within 5 %, on average within 0.1 %', () => {
    const shares = golden.map(({ items, capacity, optimum }) => route(unruled(items), capacity).costAvoided / optimum)
    for (const share of shares) {
      expect(share).toBeGreaterThan(0.95)
      expect(share).toBeLessThan(1 + 1e-9)
    }
    expect(shares.reduce((sum, share) => sum + share, 0) / shares.length).toBeGreaterThan(0.999)
  })

  it('shows the price of a minute that the linear relaxation has', () => {
    for (const { items, capacity, minutePrice } of golden)
      expect(route(unruled(items), capacity).minutePrice).toBeCloseTo(minutePrice, 4)
  })
})

describe('route', () => {
  const capacity = { reviewers: 1, backlogMinutes: 0 }
  const item = (id: string, of: Partial<RoutedItem> = {}): RoutedItem => ({
    id,
    errorProbability: 0.1,
    errorCost: 10,
    minutes: 1,
    dueMinutes: 2,
    rules: [],
    ...of,
  })
  const routes = (items: RoutedItem[], room: Capacity = capacity) =>
    route(items, room).items.map(({ id, route: way }) => `${id} ${way}`)

  it('reviews what a rule asks for before anything else, and holds it where nobody has the minutes', () => {
    const rules = [...ruled]
    const items = [item('cheap', { rules }), item('dear', { errorCost: 99 }), item('dearer', { errorCost: 999 })]
    expect(routes(items)).toEqual(['cheap review', 'dear decide', 'dearer review'])
    expect(routes(items, { reviewers: 0, backlogMinutes: 0 })).toEqual(['cheap hold', 'dear decide', 'dearer decide'])
  })

  it('gives the reason: the rules, or what a minute avoids beside its price', () => {
    const { items, minutePrice } = route(
      [item('a', { rules: [...ruled] }), item('b', { errorCost: 30 }), item('c', { errorCost: 20 })],
      capacity,
    )
    expect(minutePrice).toBeCloseTo(2, 9)
    expect(items.map(({ because }) => because)).toEqual([
      { kind: 'rules', rules: ruled },
      { kind: 'worth', perMinute: expect.closeTo(3, 9), price: expect.closeTo(2, 9) },
      { kind: 'worth', perMinute: expect.closeTo(2, 9), price: expect.closeTo(2, 9) },
    ])
  })

  it('asks no price where everything of worth is reviewed', () => {
    expect(route([item('a')], capacity)).toMatchObject({ minutePrice: 0, minutesUsed: 1, costLeft: 0 })
    expect(route([], capacity)).toMatchObject({ items: [], minutePrice: 0, costAvoided: 0 })
  })

  it('counts the backlog and the due time of each item', () => {
    expect(
      routes([item('a'), item('b', { dueMinutes: 9, errorCost: 5 })], { reviewers: 1, backlogMinutes: 1.5 }),
    ).toEqual(['a decide', 'b review'])
  })

  it('never gives more work than can be done by any due time', () => {
    fc.assert(
      fc.property(someItems, someCapacity, (items, room) => {
        const work = reviewed(items, room)
        for (const { dueMinutes } of work) {
          const minutes = work.filter((one) => one.dueMinutes <= dueMinutes).reduce((sum, one) => sum + one.minutes, 0)
          expect(minutes).toBeLessThanOrEqual(minutesUntil(room, dueMinutes) + 1e-6)
        }
      }),
    )
  })

  it('publishes nothing that a rule asks a person for', () => {
    fc.assert(
      fc.property(someItems, someCapacity, (items, room) => {
        const decided = new Set(route(items, room).items.flatMap((one) => (one.route === 'decide' ? one.id : [])))
        for (const { id, rules } of items) if (rules.length > 0) expect(decided).not.toContain(id)
      }),
    )
  })

  it('gives the same answer in any order', () => {
    const sorted = (items: readonly RoutedItem[], room: Capacity) =>
      route(items, room).items.toSorted((a, b) => (a.id < b.id ? -1 : 1))
    fc.assert(
      fc.property(someItems, someCapacity, (items, room) => {
        expect(sorted(items.toReversed(), room)).toEqual(sorted(items, room))
      }),
    )
  })

  it('asks less for a minute, and avoids no less, with more reviewers', () => {
    fc.assert(
      fc.property(someItems, someCapacity, (ofAll, room) => {
        const items = unruled(ofAll)
        const [few, more] = [route(items, room), route(items, { ...room, reviewers: room.reviewers + 1 })]
        expect(more.minutePrice).toBeLessThanOrEqual(few.minutePrice + 1e-9)
        expect(more.costAvoided).toBeGreaterThanOrEqual(few.costAvoided * 0.98 - 1e-9)
      }),
    )
  })

  it.each([{ errorProbability: 2 }, { errorCost: -1 }, { minutes: 0 }, { minutes: NaN }, { dueMinutes: Infinity }])(
    'refuses an item with %o',
    (of) => {
      expect(() => route([item('bad', of)], capacity)).toThrow('of bad is')
    },
  )
})

describe('route with thousands of items', () => {
  const random = seeded(21)
  const items = Array.from({ length: 3000 }, (_, index): RoutedItem => ({
    id: `item-${index}`,
    errorProbability: random() ** 3,
    errorCost: random() < 0.1 ? 40 : 2 + 4 * random(),
    minutes: 0.4 + 3 * random(),
    dueMinutes: 240,
    rules: [],
  }))
  const capacity = { reviewers: 3, backlogMinutes: 30 }
  const routing = route(items, capacity)
  const worth = ({ errorProbability, errorCost }: RoutedItem) => errorProbability * errorCost

  /** Takes items in an order for as long as the minutes last. */
  const inOrder = (ordered: readonly RoutedItem[]) => {
    let [left, avoided] = [routing.minutesUsed, 0]
    for (const item of ordered) {
      if (item.minutes > left) continue
      left -= item.minutes
      avoided += worth(item)
    }
    return avoided
  }

  it('avoids more cost in the same minutes than a fixed threshold or the most uncertain first', () => {
    const fixed = Math.max(
      ...[0.1, 0.3, 0.5, 0.7].map((at) => inOrder(items.filter((one) => one.errorProbability >= at))),
    )
    const uncertain = inOrder(items.toSorted((a, b) => b.errorProbability - a.errorProbability))
    expect(routing.costAvoided).toBeGreaterThan(fixed * 1.1)
    expect(routing.costAvoided).toBeGreaterThan(uncertain * 1.1)
  })

  it('is within 1 % of what no choice can exceed: every minute at its price', () => {
    const room = minutesUntil(capacity, 240)
    const bound =
      routing.minutePrice * room +
      items.reduce((sum, one) => sum + Math.max(0, worth(one) - routing.minutePrice * one.minutes), 0)
    expect(routing.costAvoided).toBeLessThanOrEqual(bound)
    expect(routing.costAvoided).toBeGreaterThan(0.99 * bound)
  })
})

describe('rulesHit', () => {
  const rules = {
    sensitiveNodes: ['weapons'],
    authorContentsMin: 3,
    noveltyMax: 0.99,
    disagreementMax: 0.5,
    framesDamagedMax: 0.2,
  }

  it('names each rule that fires, with what it saw and its limit', () => {
    const facts = {
      nodes: ['cat', 'weapons'],
      authorContents: 2,
      novelty: 0.995,
      disagreement: 0.6,
      framesDamaged: 0.25,
    }
    expect(rulesHit(facts, rules)).toEqual([
      { rule: 'sensitive-node', node: 'weapons' },
      { rule: 'new-author', value: 2, limit: 3 },
      { rule: 'novelty', value: 0.995, limit: 0.99 },
      { rule: 'disagreement', value: 0.6, limit: 0.5 },
      { rule: 'frames-damaged', value: 0.25, limit: 0.2 },
    ])
  })

  it('fires nothing at the limit, for what is not known, or for a rule that is off', () => {
    const atLimit = { nodes: ['cat'], authorContents: 3, novelty: 0.99, disagreement: 0.5, framesDamaged: 0.2 }
    expect(rulesHit(atLimit, rules)).toEqual([])
    expect(rulesHit({ nodes: [] }, rules)).toEqual([])
    expect(rulesHit({ nodes: ['weapons'], authorContents: 0, novelty: 1 }, {})).toEqual([])
  })
})
