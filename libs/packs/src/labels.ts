import { ReeltagError, type PackFacet, type Versions } from '@reeltag/contracts'
import { loadOnce } from './load-once.js'
import type { LoadedPack } from './loaded-pack.js'
import { Taxonomy, type Facet } from '@reeltag/taxonomy'
import fs from 'node:fs/promises'
import { versionsOf } from './upcast.js'

/** The settings of a pack for one facet, and the label tree of the facet. */
export type FacetLabels = PackFacet & { readonly facet: Facet }

/** What is read of a pack for its labels: no model. */
type PackWithLabels = Pick<LoadedPack, 'ref' | 'manifest' | 'taxonomyFile'>

/** How a pack's logits become tags. */
export interface PackLabels {
  readonly facets: readonly FacetLabels[]
  readonly versions: Versions
}

/** Reads the taxonomies of packs, each once, and checks that packs match them. */
export class PackLabelsReader {
  private readonly labels = new Map<string, Promise<PackLabels>>()

  constructor(private readonly packs: { pack(ref: string): Promise<PackWithLabels> }) {}

  /**
   * @param ref the pack, `name/version`
   * @throws TAXONOMY_INVALID, PACK_INVALID, MODEL_MISSING
   */
  of(ref: string): Promise<PackLabels> {
    return loadOnce(this.labels, ref, async () => readLabels(await this.packs.pack(ref)))
  }
}

const readLabels = async ({ ref, manifest, taxonomyFile }: PackWithLabels): Promise<PackLabels> => {
  const taxonomy = Taxonomy.parse(await fs.readFile(taxonomyFile, 'utf8'), taxonomyFile)
  if (taxonomy.ref !== manifest.taxonomy) {
    throw new ReeltagError(
      'TAXONOMY_INVALID',
      `${taxonomyFile} holds ${taxonomy.ref}; pack ${ref} needs ${manifest.taxonomy}`,
    )
  }
  const facets = Object.entries(manifest.facets).map(([id, labels]) => {
    const facet = taxonomy.facet(id)
    facet.assertLeaves(labels.leaves)
    return { ...labels, facet }
  })
  return { facets, versions: versionsOf(manifest) }
}
