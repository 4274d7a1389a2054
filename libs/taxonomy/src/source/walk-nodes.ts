import type { Place } from './read-yaml.js'
import type { NodeSource } from './schema.js'

/** A node as written, with where it stands. */
export interface Placed {
  readonly node: NodeSource
  readonly place: Place
  /** From the root to the parent. */
  readonly ancestors: readonly NodeSource[]
}

/** Every node of a facet, parents before their children. */
export const walkNodes = (
  nodes: readonly NodeSource[],
  place: Place,
  ancestors: readonly NodeSource[] = [],
): Placed[] =>
  nodes.flatMap((node, index) => {
    const here = [...place, index]
    return [
      { node, place: here, ancestors },
      ...walkNodes(node.children ?? [], [...here, 'children'], [...ancestors, node]),
    ]
  })
