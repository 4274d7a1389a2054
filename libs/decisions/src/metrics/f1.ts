import type { TreeShape } from '../compiled-tree.js'

/**
 * The mean of the classes' F1 over all classes that are true or predicted somewhere; a class that is never right has 0.
 * As scikit-learn's `f1_score` with `average='macro'`.
 * @param truth class numbers, 0 or greater
 * @param predicted as many
 */
export const macroF1 = (truth: ArrayLike<number>, predicted: ArrayLike<number>): number => {
  let classes = 0
  for (let i = 0; i < truth.length; i++) classes = Math.max(classes, (truth[i] ?? 0) + 1, (predicted[i] ?? 0) + 1)
  const right = new Float64Array(classes)
  const named = new Float64Array(classes)
  for (let i = 0; i < truth.length; i++) {
    const [t, p] = [truth[i] ?? 0, predicted[i] ?? 0]
    named[t] = (named[t] ?? 0) + 1
    named[p] = (named[p] ?? 0) + 1
    if (t === p) right[t] = (right[t] ?? 0) + 1
  }
  let [sum, seen] = [0, 0]
  for (let c = 0; c < classes; c++) {
    if (named[c] === 0) continue
    seen++
    sum += (2 * (right[c] ?? 0)) / (named[c] ?? 1)
  }
  return seen === 0 ? 0 : sum / seen
}

/**
 * F1 of the nodes that are named together with their ancestors, over all contents at once: a sibling of the right leaf
 * earns the ancestors that it shares. Kiritchenko, Matwin and Famili, "Functional annotation of genes using hierarchical
 * text categorization", 2005; Silla and Freitas, 2011, section 5.
 * @param truth node numbers by content
 * @param predicted as many; none where nothing is published
 */
export const hierarchicalF1 = (
  tree: TreeShape,
  truth: readonly (readonly number[])[],
  predicted: readonly (readonly number[])[],
): number => {
  let [shared, named] = [0, 0]
  truth.forEach((nodes, i) => {
    const trueNodes = withAncestors(tree, nodes)
    const predictedNodes = withAncestors(tree, predicted[i] ?? [])
    named += trueNodes.size + predictedNodes.size
    for (const node of predictedNodes) shared += Number(trueNodes.has(node))
  })
  return named === 0 ? 0 : (2 * shared) / named
}

const withAncestors = ({ parents }: TreeShape, nodes: readonly number[]): Set<number> => {
  const all = new Set<number>()
  for (const start of nodes) for (let node = start; node >= 0; node = parents[node] ?? -1) all.add(node)
  return all
}
