import { ReeltagError } from '@reeltag/contracts'
import { Facet } from './facet.js'
import { assertDepth } from './source/depth.js'
import { readSource } from './source/read-source.js'
import type { TaxonomySource } from './source/schema.js'

/** A versioned set of label trees: the one place where labels are defined. */
export class Taxonomy {
  readonly facets: ReadonlyMap<string, Facet>

  private constructor(readonly source: TaxonomySource) {
    this.facets = new Map(source.facets.map(({ id, kind, names, nodes }) => [id, new Facet(id, kind, names, nodes)]))
  }

  /** `name/version`. */
  get ref(): string {
    return `${this.source.name}/${this.source.version}`
  }

  /**
   * @param origin named in errors: the file that the text came from
   * @throws TAXONOMY_INVALID with every fault: line, place, what to do
   */
  static parse(text: string, origin: string): Taxonomy {
    return new Taxonomy(readSource(text, origin))
  }

  /**
   * @param source what `readSource` or `taxonomyOfPaths` made
   * @throws TAXONOMY_INVALID for a tree of more than 64 levels
   */
  static of(source: TaxonomySource): Taxonomy {
    assertDepth(source.facets)
    return new Taxonomy(source)
  }

  facet(id: string): Facet {
    const facet = this.facets.get(id)
    if (facet !== undefined) return facet
    const known = [...this.facets.keys()].join(', ')
    throw new ReeltagError('TAXONOMY_INVALID', `taxonomy ${this.ref} has no facet ${id}; it has ${known}`)
  }
}
