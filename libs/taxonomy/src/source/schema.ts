import { z } from 'zod'

export const slug = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, { error: 'must be a slug such as steam-train' })
export const text = z.string().refine((value) => value.trim() !== '', { error: 'must not be blank' })
const Name = z.strictObject({ zh: text, en: text })
const Texts = z.strictObject({ zh: z.array(text).optional(), en: z.array(text).optional() })

const template = text.refine((value) => value.split('{}').length === 2, { error: 'must hold {} once' })
const Templates = z.strictObject({ zh: z.array(template).min(1).optional(), en: z.array(template).min(1).optional() })

/** A node as written; ids are unique within the facet. */
export interface NodeSource {
  id: string
  names: z.infer<typeof Name>
  synonyms?: z.infer<typeof Texts> | undefined
  prompts?: z.infer<typeof Texts> | undefined
  sensitive?: true | undefined
  children?: NodeSource[] | undefined
}

const NodeSource: z.ZodType<NodeSource> = z.strictObject({
  id: slug,
  names: Name,
  synonyms: Texts.optional(),
  /** Sentences that a text tower compares with a picture. */
  prompts: Texts.optional(),
  /** People look at whatever falls under this node. Its descendants inherit it, and none of them can lift it. */
  sensitive: z.literal(true, { error: 'must be true, or left out: a descendant cannot lift it' }).optional(),
  get children() {
    return z
      .array(NodeSource)
      .min(1, { error: 'is empty: list its nodes, or leave it out to make this a leaf' })
      .optional()
  },
})

/** `name/version` of a taxonomy. */
export const ref = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*\/[1-9]\d*$/, { error: 'must be like starter/2' })

/** `taxonomies/<name>/<version>.yaml`. Strict, because an unknown field is a mistake of the author. */
export const TaxonomySource = z.strictObject({
  format: z.literal(1),
  name: slug,
  version: z.int().positive(),
  facets: z
    .array(
      z.strictObject({
        id: slug,
        /** `single`: a content has one path. `multi`: any set of nodes. */
        kind: z.enum(['single', 'multi']),
        names: Name,
        /** Sentences that a text tower compares with a picture, `{}` in the place of a node's name or synonym. */
        templates: Templates.optional(),
        nodes: z.array(NodeSource).min(1, { error: 'is empty: a facet needs at least one node' }),
      }),
    )
    .min(1, { error: 'is empty: a taxonomy needs at least one facet' }),
})
export type TaxonomySource = z.infer<typeof TaxonomySource>
export type FacetSource = TaxonomySource['facets'][number]
