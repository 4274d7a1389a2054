import { compileTree } from './compiled-tree.js'
import type { LabelTree } from './label-tree.js'

export interface Node {
  readonly id: string
  readonly children: readonly Node[]
}
export const leaf = (id: string): Node => ({ id, children: [] })
export const roots: readonly Node[] = [
  {
    id: 'animals',
    children: [
      { id: 'pets', children: [leaf('cat'), leaf('dog')] },
      { id: 'wild', children: [leaf('bear')] },
    ],
  },
  { id: 'food', children: [{ id: 'fruit', children: [leaf('apple'), leaf('pear')] }] },
]
export const leaves = ['cat', 'dog', 'bear', 'apple', 'pear']

export const compiled = (kind: LabelTree['kind'], logitIds = leaves) => compileTree<Node>({ kind, roots }, logitIds)
export const single = compiled('single')
export const multi = compiled('multi')
