import type { PackLabelsReader } from './labels.js'
import { pathOf } from '@reeltag/taxonomy'

/** Tells of a facet's path whether the taxonomies of all these packs have it. */
export const sharedPaths = async (
  labels: PackLabelsReader,
  packs: readonly string[],
): Promise<(facet: string, path: string) => boolean> => {
  const known = await Promise.all(
    packs.map(async (pack) => {
      const { facets } = await labels.of(pack)
      return new Set(facets.flatMap(({ facet }) => facet.all().map((node) => `${facet.id} ${pathOf(node)}`)))
    }),
  )
  return (facet, path) => known.every((paths) => paths.has(`${facet} ${path}`))
}
