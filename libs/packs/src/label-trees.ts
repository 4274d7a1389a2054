import { ReeltagError, type LabelRefusal, type Names, type NewLabel } from '@reeltag/contracts'
import { lineage, pathOf, Taxonomy, type Facet } from '@reeltag/taxonomy'
import fs from 'node:fs/promises'
import path from 'node:path'
import type { PackFolders } from './files.js'
import { loadOnce } from './load-once.js'
import { readPackManifest } from './read-pack.js'

/** What a facet takes as labels. */
export interface FacetPaths {
  readonly kind: Facet['kind']
  /** By path the names of every node on it, root first. */
  readonly paths: ReadonlyMap<string, readonly Names[]>
}
export type LabelTree = ReadonlyMap<string, FacetPaths>

export interface Refusal {
  readonly reason: LabelRefusal
  readonly detail: string
}

/** Whether a facet takes several labels of a content, or why a label does not fit its tree. */
export type Fit = { readonly kind: Facet['kind']; readonly taxonomy: string } | Refusal

/** The label trees on the disk, each read once. */
export class LabelTrees {
  private readonly inForce = new Map<string, Promise<string>>()
  private readonly trees = new Map<string, Promise<LabelTree>>()

  constructor(private readonly folders: PackFolders) {}

  /** The taxonomy of a pack, `name/version`. @throws PACK_INVALID, MODEL_MISSING */
  of(pack: string): Promise<string> {
    return loadOnce(this.inForce, pack, async () => (await readPackManifest(this.folders, pack)).taxonomy)
  }

  /** @param taxonomy of the label, or the one in force */
  async fit({ facet, path: node }: Pick<NewLabel, 'facet' | 'path'>, taxonomy: string): Promise<Fit> {
    const tree = await this.read(taxonomy)
    if (tree === undefined) return { reason: 'taxonomy-unknown', detail: `there is no taxonomy ${taxonomy}` }
    const known = tree.get(facet)
    if (known === undefined)
      return { reason: 'facet-unknown', detail: `${taxonomy} has the facets ${[...tree.keys()].join(', ')}` }
    if (node !== null && !known.paths.has(node))
      return { reason: 'node-unknown', detail: `facet ${facet} of ${taxonomy} has no node with this path` }
    return { kind: known.kind, taxonomy }
  }

  /** @returns undefined where there is no such file. @throws TAXONOMY_INVALID */
  read(ref: string): Promise<LabelTree | undefined> {
    const file = path.join(this.folders.taxonomiesDir, `${ref}.yaml`)
    return loadOnce(this.trees, ref, async () => {
      const taxonomy = Taxonomy.parse(await fs.readFile(file, 'utf8'), file)
      if (taxonomy.ref !== ref) throw new ReeltagError('TAXONOMY_INVALID', `${file} holds ${taxonomy.ref}`)
      return new Map([...taxonomy.facets.values()].map((facet) => [facet.id, toPaths(facet)]))
    }).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    })
  }
}

const toPaths = (facet: Facet): FacetPaths => ({
  kind: facet.kind,
  paths: new Map(facet.all().map((node) => [pathOf(node), lineage(node).map(({ names }) => names)])),
})
