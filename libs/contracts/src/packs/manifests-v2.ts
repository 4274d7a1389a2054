import { z } from 'zod'
import { FacetPolicy } from '../decisions/policy.js'
import { maskOf } from '../pipeline/streams.js'
import { stored } from '../released.js'
import { ConfinedPath, FrameCount, Leaves, ModelRef, Name, Sha256, TaxonomyRef, Version } from './fields.js'

/** What makes one of the inputs of the head. */
const PackStream = z.object({
  encoder: ModelRef,
  /** How frames are picked, for a stream that is made of frames. */
  plan: z.object({ id: z.string(), frames: FrameCount }).optional(),
})

const haveOnePlan = (streams: Readonly<Record<string, z.infer<typeof PackStream>>>): boolean => {
  const plans = Object.values(streams).flatMap(({ plan }) => (plan === undefined ? [] : `${plan.id} ${plan.frames}`))
  return new Set(plans).size <= 1
}

const PackFacet = FacetPolicy.extend({ leaves: Leaves })
export type PackFacet = z.infer<typeof PackFacet>

/** `models/packs/<name>/<version>/pack.json`, format 2: what names work together, and what is made of their logits. */
export const PackManifestV2 = stored(
  'PackManifest2',
  z
    .object({
      format: z.literal(2),
      name: Name,
      version: Version,
      reeltagMin: Version,
      streams: z
        .record(Name, PackStream)
        .refine((streams) => Object.keys(streams).length > 0, { error: 'are none: a head needs at least one' })
        .refine(haveOnePlan, { error: 'have several plans: the frames of a content are picked once' }),
      head: ModelRef,
      taxonomy: TaxonomyRef,
      facets: z
        .record(z.string(), PackFacet)
        .refine((facets) => Object.values(facets).some(({ role }) => role === 'deciding'), {
          error: 'are all advisory: one facet at least must decide',
        }),
      checksums: z.record(ConfinedPath, Sha256),
      card: z.string(),
      signature: z.string().nullable(),
    })
    .superRefine(({ streams, facets }, context) => {
      for (const [id, facet] of Object.entries(facets))
        for (const message of maskFaults(Object.keys(streams), facet))
          context.addIssue({ code: 'custom', path: ['facets', id], message })
    }),
)

/** A pack as everything behind libs/packs sees it, whichever format its file has. */
export type PackManifest = z.infer<typeof PackManifestV2>

/** What is wrong with the masks of one facet. */
const maskFaults = (streams: readonly string[], { temperature, publish }: FacetPolicy): string[] => {
  const masks = new Set([...Object.keys(temperature), ...Object.keys(publish)])
  const all = maskOf(streams)
  return [
    ...[...masks].flatMap((mask) => {
      const names = new Set(mask.split('+'))
      const unknown = [...names].filter((name) => !streams.includes(name))
      if (unknown.length > 0) return [`"${mask}" names a stream that the pack does not have: ${unknown.join(', ')}`]
      const own = maskOf(names)
      if (own !== mask) return [`"${mask}" must be written "${own}"`]
      if (!(mask in temperature)) return [`"${mask}" has no temperature`]
      return mask in publish ? [] : [`"${mask}" has no publish`]
    }),
    ...(masks.has(all) ? [] : [`says nothing of "${all}", all streams together`]),
  ]
}
