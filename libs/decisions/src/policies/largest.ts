/**
 * The nodes with the largest values, the largest first. Of equals the first in `nodes` comes first, in whatever order the
 * logits were.
 */
export const largest = (nodes: Int32Array, values: Float64Array, count: number): number[] => {
  const found: number[] = []
  const valueOf = (node: number | undefined): number => (node === undefined ? -Infinity : (values[node] ?? 0))
  for (const node of nodes) {
    if (found.length === count && valueOf(node) <= valueOf(found[count - 1])) continue
    let place = found.length
    while (place > 0 && valueOf(found[place - 1]) < valueOf(node)) place--
    found.splice(place, 0, node)
    if (found.length > count) found.pop()
  }
  return found
}
