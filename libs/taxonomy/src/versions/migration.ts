import { ReeltagError } from '@reeltag/contracts'
import { pathOf, type Facet } from '../facet.js'
import { readYaml } from '../source/read-yaml.js'
import type { Taxonomy } from '../taxonomy.js'
import { checkMigration } from './check-migration.js'
import { fatesOf, targetOf, type Fate } from './fates.js'
import { MigrationSource } from './migration-schema.js'

/** What became of a stored label. */
export interface MigratedLabel {
  /** The path in the new version; null where no node takes the label. */
  readonly path: string | null
  readonly fate: Fate['kind']
  /** True where the new label says less than the old one did. */
  readonly coarser: boolean
  /** Why there is no path, or why it is coarser. */
  readonly because?: string
}

/** One facet of a migration. */
export class FacetMigration {
  constructor(
    readonly from: Facet,
    /** Undefined where the new version has no such facet. */
    readonly to: Facet | undefined,
    private readonly fates: ReadonlyMap<string, Fate>,
  ) {}

  /** @throws MIGRATION_INVALID for a node that the old version does not have */
  fate(id: string): Fate {
    const fate = this.fates.get(id)
    if (fate !== undefined) return fate
    throw new ReeltagError('MIGRATION_INVALID', `facet ${this.from.id} of the old version has no node ${id}`)
  }

  /**
   * @param path ids from the root to the node, joined by '/'
   * @throws TAXONOMY_INVALID where the old version has no such path
   */
  label(path: string): MigratedLabel {
    const node = this.from.nodeAt(path)
    const fate = this.fate(node.id)
    const target = targetOf(fate)
    const next = target === undefined ? undefined : this.to?.find(target)
    const coarser = next !== undefined && (fate.kind === 'retired' || (fate.kind === 'split' && target !== node.id))
    const label = { path: next === undefined ? null : pathOf(next), fate: fate.kind, coarser }
    if (fate.kind === 'retired') return { ...label, because: fate.because }
    if (fate.kind === 'split' && target !== node.id)
      return { ...label, because: `nobody can say which of ${fate.weights.map(([id]) => id).join(', ')} it is` }
    return label
  }

  /**
   * The labels of one content: each is migrated, and one that two of them become is kept once.
   * @throws TAXONOMY_INVALID where the old version has no such path
   */
  labels(paths: readonly string[]): {
    readonly paths: string[]
    readonly unmapped: MigratedLabel[]
    readonly coarser: MigratedLabel[]
  } {
    const labels = paths.map((path) => this.label(path))
    return {
      paths: [...new Set(labels.flatMap(({ path }) => path ?? []))],
      unmapped: labels.filter(({ path }) => path === null),
      coarser: labels.filter(({ coarser }) => coarser),
    }
  }
}

/** How everything that is stored by nodes of one version is carried to another. */
export class Migration {
  private constructor(
    readonly from: string,
    readonly to: string,
    readonly facets: ReadonlyMap<string, FacetMigration>,
  ) {}

  /** @throws MIGRATION_INVALID with every fault: a node that is lost, unknown, listed twice; weights that do not sum */
  static parse(text: string, origin: string, from: Taxonomy, to: Taxonomy): Migration {
    const source = readYaml('MIGRATION_INVALID', origin, text, MigrationSource, (read) =>
      checkMigration(read, from, to),
    )
    const listed = new Map(source.facets.map((facet) => [facet.id, facet]))
    const reasons = new Map((source.retiredFacets ?? []).map(({ id, because }) => [id, because]))
    const facets = [...from.facets.values()].map((old) => {
      const next = to.facets.get(old.id)
      const fates =
        next === undefined
          ? retireAll(old, reasons.get(old.id) ?? '')
          : fatesOf(listed.get(old.id) ?? { id: old.id }, old, next)
      return [old.id, new FacetMigration(old, next, fates)] as const
    })
    return new Migration(source.from, source.to, new Map(facets))
  }

  /** @throws MIGRATION_INVALID where the old version has no such facet */
  facet(id: string): FacetMigration {
    const facet = this.facets.get(id)
    if (facet !== undefined) return facet
    const known = [...this.facets.keys()].join(', ')
    throw new ReeltagError('MIGRATION_INVALID', `taxonomy ${this.from} has no facet ${id}; it has ${known}`)
  }
}

const retireAll = (facet: Facet, because: string): Map<string, Fate> =>
  new Map(facet.all().map(({ id }) => [id, { kind: 'retired', to: undefined, because }]))
