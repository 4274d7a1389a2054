import { describe, expect, it } from '@jest/globals'
import { ofTree, truthOf, type SaidLabel } from './truth-of.js'

const said = (source: SaidLabel['source'], path: string, more: Partial<SaidLabel> = {}): SaidLabel => ({
  facet: 'subject',
  path,
  taxonomy: 'tiny/2',
  source,
  propensity: null,
  ...more,
})

describe('truthOf', () => {
  it('is what the strongest source says: gold, then audits, then reviews, then what was imported', () => {
    const all = [said('import', 'a'), said('review', 'b'), said('audit', 'c'), said('gold', 'd')]
    expect([all, all.slice(0, 3), all.slice(0, 2), all.slice(0, 1)].map(truthOf)).toEqual(
      ['d', 'c', 'b', 'a'].map((path) => ({ subject: [path] })),
    )
    expect(truthOf(all.toReversed())).toEqual({ subject: ['d'] })
  })

  it('takes every node that it says, facet by facet', () => {
    const style = { facet: 'style' }
    const labels = [said('import', 'calm', style), said('gold', 'a'), said('import', 'old', style), said('import', 'b')]
    expect(truthOf(labels)).toEqual({ style: ['calm', 'old'], subject: ['a'] })
  })

  it('is that none of the nodes fits, where the strongest source says so', () => {
    expect(truthOf([said('audit', ''), said('import', 'a')])).toEqual({ subject: [] })
    expect(truthOf([])).toEqual({})
  })

  it('is of one version of the tree', () => {
    const old = said('gold', 'a', { taxonomy: 'tiny/1' })
    expect(ofTree([old, said('import', 'b')], 'tiny/2')).toEqual([said('import', 'b')])
  })
})
