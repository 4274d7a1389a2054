import type { Mask } from '@reeltag/contracts'

/** A content with scores and a truth. */
export interface LabelledContent {
  /** Equal for equal content only: both halves must not see the same video. */
  readonly contentHash: string
  readonly mask: Mask
  readonly logits: Readonly<Record<string, ArrayLike<number>>>
  /** By facet the ids of the true nodes; a facet that nobody looked at is absent. */
  readonly truth: Readonly<Record<string, readonly string[]>>
}

/**
 * One content in four, since a proof gains more from more truth than a calibration does. By the hash, so that a content falls
 * into the same part whenever it is fitted again.
 */
export const isForCalibration = ({ contentHash }: LabelledContent): boolean =>
  Number.parseInt(contentHash.slice(0, 8), 16) % 4 === 0
