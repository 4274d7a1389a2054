import type { PolicyDocument } from '@reeltag/contracts'
import { PackLabelsReader, readPackManifest, type FacetLabels, type PackFolders } from '@reeltag/packs'
import { applyPolicy, type FacetToDecide } from '@reeltag/decisions'
import path from 'node:path'

/** The facets of packs, read from the disk without opening a model. */
export class PackFacets {
  private readonly reader: PackLabelsReader

  constructor(readonly folders: PackFolders) {
    this.reader = new PackLabelsReader({
      pack: async (ref) => {
        const manifest = await readPackManifest(folders, ref)
        return { ref, manifest, taxonomyFile: path.join(folders.taxonomiesDir, `${manifest.taxonomy}.yaml`) }
      },
    })
  }

  /** @throws PACK_INVALID, TAXONOMY_INVALID */
  async of(pack: string): Promise<readonly FacetLabels[]> {
    return (await this.reader.of(pack)).facets
  }

  /** The tree of a pack, `name/version`. */
  async taxonomyOf(pack: string): Promise<string> {
    return (await this.reader.of(pack)).versions.taxonomy
  }

  /** As a policy decides. */
  async under(document: PolicyDocument): Promise<readonly FacetToDecide[]> {
    return applyPolicy(await this.of(document.pack), document)
  }
}
