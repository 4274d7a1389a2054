import { ReeltagError, type Tag } from '@reeltag/contracts'
import { decideContent, type DecideOptions, type Decided, type FacetToDecide } from '@reeltag/decisions'
import { fromScores, type KeptScores } from '@reeltag/pipeline'

/** A visible result, and what it was decided from. */
export interface PastResult extends Decided {
  /** Whose scores they are, `name/version`. */
  readonly pack: string
  /** undefined: not kept. */
  readonly scores: KeptScores | undefined
  readonly mask: string
}

/** undefined: the same as before. */
export type Anew = { readonly decided: Decided | undefined } | { readonly undecidable: string }

/** Below it, two confidences are the same number, written by different processors. */
const sameConfidence = 1e-9

/**
 * Decides a past result again from its scores.
 * @param facets of `pack`, as they decide now
 * @param options what is known of the content beside its scores
 * @returns why it cannot be: `scores-missing`, `other-pack`, or the code of an error
 */
export const decideAnew = (
  past: PastResult,
  pack: string,
  facets: readonly FacetToDecide[],
  options: (logits: Readonly<Record<string, Float32Array>>) => DecideOptions = () => ({}),
): Anew => {
  if (past.pack !== pack) return { undecidable: 'other-pack' }
  if (past.scores === undefined) return { undecidable: 'scores-missing' }
  try {
    const logits = fromScores(past.scores)
    const decided = decideContent(facets, logits, past.mask, options(logits))
    return { decided: isSame(past, decided) ? undefined : decided }
  } catch (error) {
    // One result that was kept broken does not keep all others from being decided.
    if (error instanceof ReeltagError) return { undecidable: error.code }
    throw error
  }
}

/** Whether two results say the same of a content. */
export const isSame = (one: Decided, other: Decided): boolean =>
  one.decision === other.decision &&
  one.tags.length === other.tags.length &&
  one.tags.every((tag, index) => isSameTag(tag, other.tags[index]))

const isSameTag = (one: Tag, other: Tag | undefined): boolean =>
  one.facet === other?.facet &&
  one.path === other.path &&
  one.status === other.status &&
  Math.abs(one.confidence - other.confidence) <= sameConfidence
