import { z } from 'zod'
import { ref, slug, text } from '../source/schema.js'

/** Shares that sum to 1. */
export const Weights = z.record(slug, z.number().positive({ error: 'must be more than 0' }))

const FacetMigrationSource = z.strictObject({
  id: slug,
  /** Nodes with another parent; `null` is the top. Stated, so that no path changes unseen. */
  moved: z.array(z.strictObject({ node: slug, under: slug.nullable() })).optional(),
  /** The same node with another id. */
  renamed: z.array(z.strictObject({ from: slug, to: slug })).optional(),
  merged: z.array(z.strictObject({ from: z.array(slug).min(1), to: slug })).optional(),
  /** Weights say which share of the old node's contents falls to each new one. */
  split: z.array(z.strictObject({ from: slug, to: Weights })).optional(),
  /** `undecided` is what a draft says; it is refused until a person decides. */
  retired: z
    .array(
      z.strictObject({
        node: slug,
        to: z.enum(['parent', 'unmapped', 'undecided']),
        because: text.optional(),
        candidates: z.array(slug).optional(),
      }),
    )
    .optional(),
})

/** How labels of one version of a taxonomy become labels of another. What is not listed keeps its id. */
export const MigrationSource = z.strictObject({
  format: z.literal(1),
  from: ref,
  to: ref,
  facets: z.array(FacetMigrationSource),
  /** Facets that the new version does not have: all their labels become unmapped. */
  retiredFacets: z.array(z.strictObject({ id: slug, because: text })).optional(),
})
export type MigrationSource = z.infer<typeof MigrationSource>
export type FacetMigrationSource = z.infer<typeof FacetMigrationSource>
