import type { Names } from '@reeltag/contracts'

/** A facet of a label tree, by path. */
export interface TreeFacet {
  /** Whether a content has one node of it or several. */
  readonly kind: 'single' | 'multi'
  /** By path the names of every node on it, root first. */
  readonly paths: ReadonlyMap<string, readonly Names[]>
}

export type Tree = ReadonlyMap<string, TreeFacet>

/** The label trees on the disk. The executable brings them. */
export interface Trees {
  /** @param ref `name/version`. @returns undefined where there is none */
  read(ref: string): Promise<Tree | undefined>
}

/** For the injection of Trees, which is an interface. */
export const TREES = Symbol('reeltag.review-trees')
