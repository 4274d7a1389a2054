import { maskOf, type PackFacet, type PackManifest, type PackManifestV1, type Versions } from '@reeltag/contracts'
import { framesOf } from './loaded-pack.js'

// What format 1, and results until today, know by name. Nothing else in the code does.
const [video, text] = ['video', 'text'] as const
const masks = { both: maskOf([video, text]), video: maskOf([video]), text: maskOf([text]) } as const

/** Format 1 as format 2, with the same decisions. */
export const upcastV1 = ({ models, sampling, facets, ...rest }: PackManifestV1): PackManifest => ({
  ...rest,
  format: 2,
  streams: { [video]: { encoder: models.vision, plan: sampling }, [text]: { encoder: models.text } },
  head: models.fusion,
  facets: Object.fromEntries(Object.entries(facets).map(([id, facet]) => [id, upcastFacet(facet)])),
})

const upcastFacet = (facet: PackManifestV1['facets'][string]): PackFacet => {
  const { leaves, temperature, publishAt, calibrated, advisory } = facet
  const publish =
    calibrated === false
      ? ({ kind: 'never', because: 'not calibrated' } as const)
      : ({ kind: 'threshold', at: publishAt } as const)
  return {
    leaves,
    temperature: {
      [masks.both]: temperature.both,
      [masks.video]: temperature.video,
      [masks.text]: temperature.text,
    },
    publish: Object.fromEntries(Object.values(masks).map((mask) => [mask, publish])),
    role: advisory === true ? 'advisory' : 'deciding',
  }
}

/** What results of a pack are labelled with. They name `vision` and `text`: empty where a pack has no such stream. */
export const versionsOf = ({ name, version, streams, head, taxonomy }: PackManifest): Versions => {
  const encoders = Object.entries(streams).map(([stream, { encoder }]) => [stream, encoder] as const)
  const isOther = ([stream]: (typeof encoders)[number]): boolean => stream !== video && stream !== text
  return {
    pack: `${name}/${version}`,
    vision: streams[video]?.encoder ?? '',
    text: streams[text]?.encoder ?? '',
    fusion: head,
    taxonomy,
    sampling: framesOf(streams)?.plan?.id ?? '',
    ...(encoders.some(isOther) ? { streams: Object.fromEntries(encoders) } : {}),
  }
}
