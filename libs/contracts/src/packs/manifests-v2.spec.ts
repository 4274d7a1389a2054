import { describe, expect, it } from '@jest/globals'
import { PackManifestV2 } from './manifests-v2.js'

type Fields = Record<string, unknown>
const threshold = { kind: 'threshold', at: 0.8 }
const facet = (fields: Fields = {}): Fields => ({
  leaves: ['cat', 'dog'],
  temperature: { 'text+video': 1, text: 1, video: 1 },
  publish: { 'text+video': threshold, text: threshold, video: { kind: 'never', because: 'too few to fit' } },
  role: 'deciding',
  ...fields,
})
const manifest = (fields: Fields = {}): Fields => ({
  format: 2,
  name: 'tiny',
  version: '1.0.0',
  reeltagMin: '0.1.0',
  streams: { video: { encoder: 'v/1.0.0', plan: { id: 'even-4', frames: 4 } }, text: { encoder: 't/1.0.0' } },
  head: 'f/1.0.0',
  taxonomy: 'tiny/1',
  facets: { subject: facet() },
  checksums: { 'models/v/1.0.0/model.onnx': '0'.repeat(64) },
  card: 'CARD.md',
  signature: null,
  ...fields,
})
const faults = (fields: Fields): string =>
  PackManifestV2.safeParse(manifest(fields))
    .error?.issues.map(({ message }) => message)
    .join('\n') ?? ''
const facetFaults = (fields: Fields): string => faults({ facets: { subject: facet(fields) } })
/** A facet that says the same of each of these masks. */
const saying = (...masks: string[]): Fields => ({
  temperature: Object.fromEntries(masks.map((mask) => [mask, 1])),
  publish: Object.fromEntries(masks.map((mask) => [mask, threshold])),
})

describe('PackManifestV2', () => {
  it('takes a pack that says of every mask when to publish', () => expect(faults({})).toBe(''))

  it('may leave out masks that were never fitted, but not the one of all streams', () => {
    expect(facetFaults(saying('text+video'))).toBe('')
    expect(facetFaults(saying('text', 'video'))).toContain('says nothing of "text+video"')
  })

  it('refuses a mask that no content will ever have', () => {
    expect(facetFaults(saying('text+video', 'audio'))).toContain('does not have: audio')
    expect(facetFaults(saying('text+video', 'video+text'))).toContain('must be written "text+video"')
    expect(facetFaults(saying('text+video', 'text+text'))).toContain('must be written "text"')
  })

  it('refuses a temperature without a word on publishing, and the reverse', () => {
    const { temperature, publish } = saying('text+video', 'text')
    expect(facetFaults({ temperature, publish: { 'text+video': threshold } })).toContain('"text" has no publish')
    expect(facetFaults({ temperature: { 'text+video': 1 }, publish })).toContain('"text" has no temperature')
  })

  it('takes a threshold from 0 to 1, and a reason that says something', () => {
    const takes = (publish: object): boolean =>
      facetFaults({ temperature: { 'text+video': 1 }, publish: { 'text+video': publish } }) === ''
    for (const at of [0, 0.5, 1]) expect([at, takes({ kind: 'threshold', at })]).toEqual([at, true])
    for (const at of [-0.001, 1.001, NaN, Infinity]) expect([at, takes({ kind: 'threshold', at })]).toEqual([at, false])
    expect(takes({ kind: 'never', because: 'nobody fitted it' })).toBe(true)
    for (const publish of [{ kind: 'never', because: '' }, { kind: 'never' }, { kind: 'perhaps', at: 0.5 }])
      expect([publish, takes(publish)]).toEqual([publish, false])
  })

  it('takes temperatures that are above 0', () => {
    expect(facetFaults({ ...saying('text+video'), temperature: { 'text+video': 0 } })).not.toBe('')
    expect(facetFaults({ ...saying('text+video'), temperature: { 'text+video': 0.01 } })).toBe('')
  })

  it('picks the frames of a content once', () => {
    const streams = (id: string, frames: number): Fields => ({
      motion: { encoder: 'm/1.0.0', plan: { id, frames } },
      ...(manifest()['streams'] as object),
    })
    const facets = { subject: facet(saying('motion+text+video')) }
    expect(faults({ facets, streams: streams('even-4', 4) })).toBe('')
    expect(faults({ facets, streams: streams('even-8', 8) })).toContain('have several plans')
  })

  it('needs one stream, and one facet that decides', () => {
    expect(faults({ streams: {} })).toContain('a head needs at least one')
    expect(facetFaults({ role: 'advisory' })).toContain('one facet at least must decide')
    expect(faults({ facets: {} })).toContain('one facet at least must decide')
    expect(faults({ facets: { subject: facet(), mood: facet({ role: 'advisory' }) } })).toBe('')
  })
})
