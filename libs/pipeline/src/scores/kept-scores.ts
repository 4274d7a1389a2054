import { fromFloat16Bytes, toFloat16Bytes } from '@reeltag/contracts'

/** The logits of one content, as `prediction_scores` keeps them. */
export interface KeptScores {
  /** Ids in the pack's order. */
  readonly facets: readonly string[]
  /** Of each facet: float16, little endian, over the leaves in the pack's order. */
  readonly logits: readonly Buffer[]
}

/** The largest finite float16. */
const halfMax = 65_504

/**
 * Rounds a head's logits to float16. A finite logit beyond ±65,504 becomes ±65,504: no temperature of a pack tells such
 * logits apart. What is not finite stays so, and deciding refuses it.
 * @param facets ids in the pack's order; one without logits is left out, and deciding refuses it
 * @param logits over the leaves, by facet
 */
export const toScores = (facets: readonly string[], logits: Readonly<Record<string, Float32Array>>): KeptScores => {
  const given = facets.flatMap((id) => {
    const values = Object.hasOwn(logits, id) ? logits[id] : undefined
    return values === undefined ? [] : [{ id, bytes: toFloat16Bytes(values.map(clamp)) }]
  })
  return { facets: given.map(({ id }) => id), logits: given.map(({ bytes }) => bytes) }
}

const clamp = (logit: number): number => (Number.isFinite(logit) ? Math.min(halfMax, Math.max(-halfMax, logit)) : logit)

/** The logits that were kept, by facet. */
export const fromScores = ({ facets, logits }: KeptScores): Record<string, Float32Array> =>
  Object.fromEntries(facets.map((id, index) => [id, fromFloat16Bytes(logits[index] ?? Buffer.alloc(0))]))
