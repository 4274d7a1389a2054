import { Names } from '@reeltag/contracts'
import { loadOnce, readPackManifest, type PackFolders } from '@reeltag/packs'
import { packInForce } from '@reeltag/pipeline'
import { Database } from '@reeltag/platform'
import { pathOf, Taxonomy, type TaxonomyNode } from '@reeltag/taxonomy'
import fs from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'

export const TaxonomyView = z.object({
  pack: z.string(),
  version: z.string(),
  facets: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(['single', 'multi']),
      names: Names,
      nodes: z.array(
        z.object({
          id: z.string(),
          path: z.string(),
          parent: z.string().nullable(),
          leaf: z.boolean(),
          names: Names,
          synonyms: z.object({ zh: z.array(z.string()), en: z.array(z.string()) }),
        }),
      ),
    }),
  ),
})
export type TaxonomyView = z.infer<typeof TaxonomyView>

/** Label trees of packs, each read once. */
export class TaxonomyService {
  private readonly views = new Map<string, Promise<TaxonomyView>>()

  constructor(
    private readonly db: Database,
    private readonly folders: PackFolders,
  ) {}

  async get(workspaceId: string): Promise<TaxonomyView> {
    const pack = await packInForce(this.db, workspaceId)
    return loadOnce(this.views, pack, () => this.read(pack))
  }

  private async read(pack: string): Promise<TaxonomyView> {
    const manifest = await readPackManifest(this.folders, pack)
    const file = path.join(this.folders.taxonomiesDir, `${manifest.taxonomy}.yaml`)
    const taxonomy = Taxonomy.parse(await fs.readFile(file, 'utf8'), file)
    const facets = [...taxonomy.facets.values()].map((facet) => {
      const { id, kind, names } = facet
      return { id, kind, names, nodes: facet.all().map(toView) }
    })
    return { pack, version: manifest.taxonomy, facets }
  }
}

const toView = (node: TaxonomyNode): TaxonomyView['facets'][number]['nodes'][number] => ({
  id: node.id,
  path: pathOf(node),
  parent: node.parent?.id ?? null,
  leaf: node.children.length === 0,
  names: node.names,
  synonyms: { zh: [...node.synonyms.zh], en: [...node.synonyms.en] },
})
