import { describe, expect, it } from '@jest/globals'
import { PackManifestV1, PackManifestV2, type PackManifest } from '@reeltag/contracts'
import { upcastV1, versionsOf } from './upcast.js'

type Facet = PackManifestV1['facets'][string]
const temperature = { both: 0.8, video: 0.7, text: 1.2 }
const released = (subject: Partial<Facet> = {}): PackManifestV1 =>
  PackManifestV1.parse({
    format: 1,
    name: 'tiny',
    version: '1.0.0',
    reeltagMin: '0.1.0',
    taxonomy: 'tiny/1',
    models: { vision: 'v/1.0.0', text: 't/2.0.0', fusion: 'f/3.0.0' },
    sampling: { id: 'even-4', frames: 4 },
    facets: {
      subject: { leaves: ['cat', 'dog'], temperature, publishAt: 0.78, ...subject },
      mood: { leaves: ['calm', 'wild'], temperature, publishAt: 0.5 },
    },
    checksums: { 'models/v/1.0.0/model.onnx': '0'.repeat(64) },
    card: 'CARD.md',
    signature: null,
  })
const subjectOf = (facet: Partial<Facet>) => upcastV1(released(facet)).facets['subject']

describe('upcastV1', () => {
  it('makes a manifest that format 2 takes as it is', () => {
    for (const facet of [{}, { calibrated: false }, { advisory: true }]) {
      const upcast = upcastV1(released(facet))
      expect(PackManifestV2.parse(upcast)).toEqual(upcast)
    }
  })

  it('keeps which models make what, and how frames are picked', () => {
    expect(upcastV1(released())).toMatchObject({
      streams: { video: { encoder: 'v/1.0.0', plan: { id: 'even-4', frames: 4 } }, text: { encoder: 't/2.0.0' } },
      head: 'f/3.0.0',
    })
  })

  it('gives each mask the temperature that was fitted for it, and all masks the threshold', () => {
    const at = { kind: 'threshold', at: 0.78 }
    expect(subjectOf({ calibrated: true, advisory: false })).toEqual({
      leaves: ['cat', 'dog'],
      temperature: { 'text+video': 0.8, video: 0.7, text: 1.2 },
      publish: { 'text+video': at, video: at, text: at },
      role: 'deciding',
    })
  })

  it('never publishes what was not calibrated, and says why', () => {
    const never = { kind: 'never', because: 'not calibrated' }
    expect(subjectOf({ calibrated: false })).toMatchObject({
      temperature: { 'text+video': 0.8, video: 0.7, text: 1.2 },
      publish: { 'text+video': never, video: never, text: never },
    })
  })

  it('keeps an advisory facet advisory', () => {
    expect(subjectOf({ advisory: true })?.role).toBe('advisory')
  })
})

describe('versionsOf', () => {
  it('labels results of a released pack as before', () => {
    expect(versionsOf(upcastV1(released()))).toEqual({
      pack: 'tiny/1.0.0',
      vision: 'v/1.0.0',
      text: 't/2.0.0',
      fusion: 'f/3.0.0',
      taxonomy: 'tiny/1',
      sampling: 'even-4',
    })
  })

  it('names every encoder where a pack has other streams than video and text', () => {
    const manifest = upcastV1(released())
    const streams = (own: PackManifest['streams']) => versionsOf({ ...manifest, streams: own })
    expect(streams({ ...manifest.streams, audio: { encoder: 'a/1.0.0' } })).toMatchObject({
      vision: 'v/1.0.0',
      text: 't/2.0.0',
      streams: { video: 'v/1.0.0', text: 't/2.0.0', audio: 'a/1.0.0' },
    })
    expect(streams({ text: { encoder: 't/2.0.0' } })).toMatchObject({ vision: '', text: 't/2.0.0', sampling: '' })
  })
})
