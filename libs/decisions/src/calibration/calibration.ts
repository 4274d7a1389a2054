import type { Mask } from '@reeltag/contracts'
import type { NodeCalibrator, Temperature, VectorScaling } from '../calibrators/calibrator.js'

/** How one node is calibrated, and by how much truth. */
export interface NodeCalibration {
  /** `temperature` is the shared one of the mask: the node had too little truth for a map of its own. */
  readonly calibrator: NodeCalibrator | Temperature
  readonly positives: number
  readonly negatives: number
  /**
   * The parent under which the node was fitted together with its siblings, `''` for roots; null where it was not.
   */
  readonly pooledUnder: string | null
}

export interface MaskCalibration {
  /** Contents that it was fitted on. */
  readonly rows: number
  /** Applied to the logits first; the maps of the nodes come behind it. */
  readonly temperature: Temperature
  /** Where it is there, it maps the logits in place of the temperature, which is 1 then, and no node has a map of its own. */
  readonly vector?: VectorScaling | undefined
  /** By id: the leaves of a `single` tree, all nodes of a `multi` tree. */
  readonly nodes: Readonly<Record<string, NodeCalibration>>
}

/** What `fitCalibration` makes of one facet: data that can be stored, compared and applied. */
export interface Calibration {
  readonly kind: 'single' | 'multi'
  readonly masks: Readonly<Record<Mask, MaskCalibration>>
}

/** A content whose truth is known. */
export interface CalibrationRow {
  /** SHA-256 of what was submitted, or another text that is the same for the same content only. */
  readonly contentHash: string
  /** The streams that the logits were made from. */
  readonly mask: Mask
  /** In the order of the tree's `logitIds`. */
  readonly logits: ArrayLike<number>
  /** Ids of the nodes that are true: one in a `single` tree. Their ancestors are true without being listed. */
  readonly nodes: readonly string[]
}
