import { describe, expect, it } from '@jest/globals'
import type { PolicyDocument } from '@reeltag/contracts'
import { pastOptions } from './past-facts.js'

const documentOf = (routing?: PolicyDocument['routing']): PolicyDocument => ({
  format: 1,
  pack: 'p/1.0.0',
  targets: [],
  delta: 0.1,
  facets: {},
  evidence: { labelled: 0, calibrated: 0, certified: 0, leftOut: {} },
  ...(routing === undefined ? {} : { routing }),
})
const hashOf = () => Promise.resolve('8'.padEnd(64, '0'))
const content = { id: '019a0000-0000-7000-8000-000000000000', mask: 'text', because: null }

describe('what is known of a past content', () => {
  it('is what a rule saw when it fired, and novelty from the scores', async () => {
    const model = { facets: ['s'], mean: [0, 0], axes: [[1, 0]], neighbour: 1, points: [[0]], distances: [0.5] }
    const rules = { newAuthor: { contentsMin: 3 }, novelty: { max: 0.4 } }
    const because = [
      { rule: 'new-author', value: 1, limit: 2 },
      { rule: 'sensitive-node', node: 's:a' },
    ]
    const policy = { document: documentOf({ rules, novelty: { text: model } }), hashOf }
    const options = await pastOptions({ ...content, because }, [], policy)
    expect(options({ s: Float32Array.of(9, 0) })).toEqual({
      rules: { authorContentsMin: 3, noveltyMax: 0.4 },
      facts: { authorContents: 1, novelty: 0.5 },
    })
    const unseen = await pastOptions({ ...content, mask: 'video' }, [], policy)
    expect(unseen({ s: Float32Array.of(9, 0) }).facts).toEqual({})
  })

  it('is its number where candidates are drawn, and nothing where the policy asks for nothing', async () => {
    const drawn = [{ candidates: { text: {} } }] as unknown as Parameters<typeof pastOptions>[1]
    expect((await pastOptions(content, drawn, { document: documentOf(), hashOf }))({})).toEqual({ unit: 0.5 })
    expect((await pastOptions(content, [], { document: documentOf(), hashOf }))({})).toEqual({})
  })
})
