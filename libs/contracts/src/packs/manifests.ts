import { z } from 'zod'
import { stored } from '../released.js'
import { ConfinedPath, FrameCount, Leaves, ModelRef, Name, Sha256, TaxonomyRef, Version } from './fields.js'

const Dimension = z.union([z.int().positive(), z.string().regex(/^[a-z_]+$/)])
const TensorSpec = z.object({
  name: z.string(),
  dtype: z.enum(['uint8', 'int64', 'float32', 'float16']),
  /** Numbers are fixed, names are dynamic. */
  shape: z.array(Dimension).min(1),
})
export type TensorSpec = z.infer<typeof TensorSpec>

/** `models/<name>/<version>/manifest.json`: describes a graph. It is checked against the open session at startup. */
export const ModelManifest = stored(
  'ModelManifest',
  z.object({
    format: z.literal(1),
    name: Name,
    version: Version,
    /** What opens it; libs/inference knows which kinds there are. */
    kind: z.string(),
    graph: z.object({ file: ConfinedPath, sha256: Sha256, bytes: z.int().positive() }),
    inputs: z.array(TensorSpec).min(1),
    outputs: z.array(TensorSpec).min(1),
    preprocessing: z.object({
      /** Part of the ledger's key: the same input prepared another way is another embedding. */
      id: z.string(),
      /** Vision: side of the square frame, pixels. */
      size: z.int().positive().optional(),
      /** Text: file of the tokenizer, and the number of tokens with [CLS] and [SEP]. */
      tokenizer: ConfinedPath.optional(),
      lengthMax: z.int().min(3).optional(),
    }),
    files: z.array(z.object({ path: ConfinedPath, sha256: Sha256, bytes: z.int().nonnegative() })).default([]),
    licence: z.string(),
    trainingData: z.string(),
    metrics: z.record(z.string(), z.unknown()),
  }),
)
export type ModelManifest = z.infer<typeof ModelManifest>

/** `models/packs/<name>/<version>/pack.json`, format 1. libs/packs reads it as format 2; nothing else knows it. */
export const PackManifestV1 = stored(
  'PackManifest',
  z.object({
    format: z.literal(1),
    name: Name,
    version: Version,
    reeltagMin: Version,
    models: z.object({ vision: ModelRef, text: ModelRef, fusion: ModelRef }),
    sampling: z.object({ id: z.string(), frames: FrameCount }),
    taxonomy: TaxonomyRef,
    facets: z
      .record(
        z.string(),
        z.object({
          leaves: Leaves,
          /** Softmax temperature by the modalities that are present. */
          temperature: z.object({
            both: z.number().positive(),
            video: z.number().positive(),
            text: z.number().positive(),
          }),
          /** A node is published when its calibrated probability reaches this. */
          publishAt: z.number().min(0).max(1),
          /** False: temperatures and threshold were never fitted, so nothing is published and all goes to review. */
          calibrated: z.boolean().optional(),
          /** True: published where it is sure enough, and never a reason for a review. Not all facets of a pack may be so. */
          advisory: z.boolean().optional(),
        }),
      )
      .refine((facets) => Object.values(facets).some(({ advisory }) => advisory !== true), {
        error: 'are all advisory: one facet at least must decide',
      }),
    checksums: z.record(ConfinedPath, Sha256),
    card: z.string(),
    signature: z.string().nullable(),
  }),
)
export type PackManifestV1 = z.infer<typeof PackManifestV1>
