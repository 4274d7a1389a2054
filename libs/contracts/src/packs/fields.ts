import { z } from 'zod'

export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** Relative, with forward slashes and without `..`, so that a pack refers to nothing outside its folder. */
export const ConfinedPath = z
  .string()
  .refine((path) => /^[\w.-]+(\/[\w.-]+)*$/.test(path) && !path.split('/').includes('..'), {
    error: 'must be a relative path inside the pack',
  })

/** Name of a model or a pack. */
export const Name = z.string().regex(/^[a-z0-9-]+$/)
export const Version = z.string().regex(/^\d+\.\d+\.\d+$/)

/** A model, `name/version`. */
export const ModelRef = z.string().regex(/^[a-z0-9-]+\/\d+\.\d+\.\d+$/)

/** A taxonomy, `name/version`. */
export const TaxonomyRef = z.string().regex(/^[a-z0-9-]+\/\d+$/)
export const FrameCount = z.int().min(1).max(64)

/** Leaf node ids in the order of the logits. */
export const Leaves = z.array(z.string()).min(2)
