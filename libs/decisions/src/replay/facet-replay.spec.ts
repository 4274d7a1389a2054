import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Calibration } from '../calibration/calibration.js'
import { decideContent, type FacetToDecide } from '../decide-content.js'
import { scoresAlike } from '../score/facet-scores.js'
import { FacetReplay } from './facet-replay.js'
import { leaves, petsFacet } from './pets.fixture.js'

const trees = { single: petsFacet('single'), multi: petsFacet('multi') }

const calibrationOf = (kind: 'single' | 'multi', b: number): Calibration => ({
  kind,
  masks: {
    video: {
      rows: 100,
      temperature: { kind: 'temperature', t: 2 },
      nodes: { cat: { calibrator: { kind: 'platt', a: 1, b }, positives: 9, negatives: 9, pooledUnder: null } },
    },
  },
})

const policy = (kind: 'single' | 'multi', at: number, more: Partial<FacetToDecide> = {}): FacetToDecide => ({
  facet: trees[kind],
  leaves,
  temperature: { video: 1 },
  publish: { video: { kind: 'threshold', at } },
  role: 'deciding',
  ...more,
})

describe('FacetReplay', () => {
  it('decides what a content would be decided, under both policies, whatever they have in common', () => {
    const logits = fc.array(fc.double({ min: -6, max: 6, noNaN: true }), { minLength: 3, maxLength: 3 })
    const at = fc.double({ min: 0.05, max: 0.95, noNaN: true })
    const kinds = fc.constantFrom('single', 'multi' as const)
    const fitted = fc.constantFrom(undefined, 0, 1)
    fc.assert(
      fc.property(logits, at, at, kinds, fitted, fitted, (values, one, other, kind, b, c) => {
        const more = (of: number | undefined) => (of === undefined ? {} : { calibration: calibrationOf(kind, of) })
        const [before, after] = [policy(kind, one, more(b)), policy(kind, other, more(c))]
        const replayed = new FacetReplay(before, after).decide(values, 'video')
        for (const [own, outcome] of [
          [before, replayed.before],
          [after, replayed.after],
        ] as const) {
          const { decision, tags } = decideContent([own], { subject: values }, 'video')
          const published = tags.flatMap(({ status, path }) => (status === 'published' ? [path] : []))
          expect([outcome?.decision, outcome?.paths]).toEqual([decision, published])
          if (outcome === replayed.after) expect(replayed.root).toBe(tags[0]?.path.split('/')[0])
        }
      }),
    )
  })

  it('decides on no facet that only advises', () => {
    const advisory = policy('single', 0.5, { role: 'advisory' })
    expect(new FacetReplay(advisory, policy('single', 0.5)).decide([9, 0, 0], 'video').before).toBeUndefined()
    expect(new FacetReplay(policy('single', 0.5), advisory).decide([9, 0, 0], 'video').after).toBeUndefined()
  })

  it('refuses scores that lack the facet', () => {
    expect(() => new FacetReplay(undefined, policy('single', 0.5)).decide(undefined, 'video')).toThrow(
      expect.objectContaining({ code: 'MODEL_MISMATCH' }),
    )
  })
})

describe('scoresAlike', () => {
  const [one, other] = [{ temperature: { video: 1, text: 2 } }, { temperature: { video: 1, text: 3 } }]
  it('compares what counts for these streams, as data', () => {
    expect([scoresAlike(one, other, 'video'), scoresAlike(one, other, 'text')]).toEqual([true, false])
    // A mask that has no temperature has 1.
    expect(scoresAlike({ temperature: {} }, one, 'video')).toBe(true)
    const calibrated = (b: number) => ({ ...one, calibration: calibrationOf('single', b) })
    expect(scoresAlike(calibrated(1), { ...calibrated(1), temperature: { video: 9 } }, 'video')).toBe(true)
    expect(scoresAlike(calibrated(1), { ...calibrated(1), coherence: 'min-down' }, 'video')).toBe(false)
    expect([
      scoresAlike(calibrated(1), calibrated(0), 'video'),
      scoresAlike(calibrated(1), one, 'video'),
      scoresAlike(calibrated(1), one, 'text'),
      scoresAlike({ ...one, scale: { video: { cat: 1 } } }, one, 'video'),
      scoresAlike({ ...one, scale: { text: { cat: 1 } } }, one, 'video'),
    ]).toEqual([false, false, true, false, true])
  })
})
