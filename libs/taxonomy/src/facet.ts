import { ReeltagError, type Names } from '@reeltag/contracts'
import type { NodeSource } from './source/schema.js'

export interface TaxonomyNode {
  readonly id: string
  readonly names: Names
  readonly parent: TaxonomyNode | undefined
  readonly children: readonly TaxonomyNode[]
  readonly synonyms: { readonly zh: readonly string[]; readonly en: readonly string[] }
  readonly prompts: { readonly zh: readonly string[]; readonly en: readonly string[] }
  /** True where this node, or one that it lies under, is marked as sensitive. */
  readonly sensitive: boolean
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
    const node = this.find(id)
    if (node === undefined) throw new ReeltagError('TAXONOMY_INVALID', `facet ${this.id} has no node ${id}`)
    return node
  }

  find(id: string): TaxonomyNode | undefined {
    return this.nodes.get(id)
  }

  /**
   * @param path ids from the root to the node, joined by '/'
   * @throws TAXONOMY_INVALID where the path is not one of this tree
   */
  nodeAt(path: string): TaxonomyNode {
    const node = this.find(path.slice(path.lastIndexOf('/') + 1))
    if (node !== undefined && pathOf(node) === path) return node
    const place = node === undefined ? '' : `: ${node.id} lies at ${pathOf(node)}`
    throw new ReeltagError('TAXONOMY_INVALID', `facet ${this.id} has no path ${path}${place}`)
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
    const [synonyms, prompts] = [texts(source.synonyms), texts(source.prompts)]
    const sensitive = source.sensitive === true || parent?.sensitive === true
    const node = { id, names, parent, children, synonyms, prompts, sensitive }
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

/** The leaves at and under a node, in the order of the file. */
export const leavesUnder = (node: TaxonomyNode): TaxonomyNode[] =>
  node.children.length === 0 ? [node] : node.children.flatMap(leavesUnder)
