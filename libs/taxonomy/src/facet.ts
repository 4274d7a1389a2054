import { ReeltagError, type Names } from '@reeltag/contracts'
import type { NodeSource } from './schema.js'

export interface TaxonomyNode {
  readonly id: string
  readonly names: Names
  readonly parent: TaxonomyNode | undefined
  readonly children: readonly TaxonomyNode[]
  readonly synonyms: { readonly zh: readonly string[]; readonly en: readonly string[] }
  readonly prompts: { readonly zh: readonly string[]; readonly en: readonly string[] }
}

/** One label tree. Nodes are looked up in a Map: ids come from a file and must not reach a prototype. */
export class Facet {
  private readonly nodes = new Map<string, TaxonomyNode>()
  readonly roots: readonly TaxonomyNode[]
  /** In the order of the file. */
  readonly leaves: readonly TaxonomyNode[]

  constructor(
    readonly id: string,
    readonly kind: 'single' | 'multi',
    readonly names: Names,
    sources: readonly NodeSource[],
  ) {
    this.roots = sources.map((source) => this.grow(source, undefined))
    this.leaves = this.all().filter(({ children }) => children.length === 0)
  }

  node(id: string): TaxonomyNode {
    const node = this.nodes.get(id)
    if (node === undefined) throw new ReeltagError('TAXONOMY_INVALID', `facet ${this.id} has no node ${id}`)
    return node
  }

  /** Parents before their children. */
  all(): readonly TaxonomyNode[] {
    return [...this.nodes.values()]
  }

  /** Checks that logits in this order are over exactly the leaves of this tree. */
  assertLeaves(ids: readonly string[]): void {
    const own = new Set(this.leaves.map(({ id }) => id))
    const given = new Set(ids)
    const faults = [
      ...fault(
        'unknown',
        ids.filter((id) => !own.has(id)),
      ),
      ...fault(
        'missing',
        [...own].filter((id) => !given.has(id)),
      ),
      ...fault(
        'twice',
        ids.filter((id, index) => ids.indexOf(id) < index),
      ),
    ]
    if (faults.length > 0) {
      throw new ReeltagError(
        'TAXONOMY_INVALID',
        `the leaves of facet ${this.id} are not the pack's (${faults.join('; ')})`,
      )
    }
  }

  private grow(source: NodeSource, parent: TaxonomyNode | undefined): TaxonomyNode {
    const children: TaxonomyNode[] = []
    const texts = (given: NodeSource['synonyms']) => ({ zh: given?.zh ?? [], en: given?.en ?? [] })
    const { id, names } = source
    const node = { id, names, parent, children, synonyms: texts(source.synonyms), prompts: texts(source.prompts) }
    this.nodes.set(id, node)
    children.push(...(source.children ?? []).map((child) => this.grow(child, node)))
    return node
  }
}

const namedMax = 5
const fault = (what: string, ids: readonly string[]): string[] =>
  ids.length === 0
    ? []
    : [`${what}: ${[...ids.slice(0, namedMax), ...(ids.length > namedMax ? ['…'] : [])].join(', ')}`]

/** From the root to the node, both included. */
export const lineage = (node: TaxonomyNode): TaxonomyNode[] => [
  ...(node.parent === undefined ? [] : lineage(node.parent)),
  node,
]

/** Ids from the root to the node, joined by '/'. */
export const pathOf = (node: TaxonomyNode): string =>
  lineage(node)
    .map(({ id }) => id)
    .join('/')
