import { describe, expect, it } from '@jest/globals'
import { PackManifestV1 } from './manifests.js'

type Facet = Record<string, unknown>
const facet = (fields: Facet = {}): Facet => ({
  leaves: ['cat', 'dog'],
  temperature: { both: 1, video: 1, text: 1 },
  publishAt: 0.8,
  ...fields,
})
const manifest = (fields: object = {}): object => ({
  format: 1,
  name: 'tiny',
  version: '1.0.0',
  reeltagMin: '0.1.0',
  models: { vision: 'v/1.0.0', text: 't/1.0.0', fusion: 'f/1.0.0' },
  sampling: { id: 'even-4', frames: 4 },
  taxonomy: 'tiny/1',
  facets: { subject: facet() },
  checksums: { 'models/v/1.0.0/model.onnx': '0'.repeat(64) },
  card: 'CARD.md',
  signature: null,
  ...fields,
})
const takes = (fields: object): boolean => PackManifestV1.safeParse(manifest(fields)).success
const takesFacet = (fields: Facet): boolean => takes({ facets: { subject: facet(fields) } })

describe('PackManifestV1', () => {
  it('takes a threshold from 0 to 1, and no other', () => {
    for (const publishAt of [0, 0.5, 1]) expect([publishAt, takesFacet({ publishAt })]).toEqual([publishAt, true])
    for (const publishAt of [-0.001, 1.001, 80, NaN])
      expect([publishAt, takesFacet({ publishAt })]).toEqual([publishAt, false])
  })

  it('takes temperatures that are above 0', () => {
    for (const name of ['both', 'video', 'text']) {
      const temperature = { both: 1, video: 1, text: 1, [name]: 0 }
      expect([name, takesFacet({ temperature })]).toEqual([name, false])
      expect(takesFacet({ temperature: { ...temperature, [name]: 0.01 } })).toBe(true)
    }
  })

  it('takes 1 to 64 frames, and two leaves or more', () => {
    for (const [frames, expected] of [
      [0, false],
      [1, true],
      [64, true],
      [65, false],
      [2.5, false],
    ])
      expect([frames, takes({ sampling: { id: 'even', frames } })]).toEqual([frames, expected])
    expect(takesFacet({ leaves: ['cat'] })).toBe(false)
  })

  it('needs one facet that decides', () => {
    expect(takesFacet({ advisory: true })).toBe(false)
    expect(takes({ facets: {} })).toBe(false)
    expect(takes({ facets: { subject: facet(), mood: facet({ advisory: true }) } })).toBe(true)
  })

  it('names nothing outside its folder', () => {
    for (const file of ['../x', 'models/../../x', '/etc/passwd', 'models//x', 'models/', 'a\\b', 'models/..'])
      expect([file, takes({ checksums: { [file]: '0'.repeat(64) } })]).toEqual([file, false])
    for (const file of ['models/a..b', 'models/v/1.0.0/model.onnx'])
      expect([file, takes({ checksums: { [file]: '0'.repeat(64) } })]).toEqual([file, true])
  })
})
