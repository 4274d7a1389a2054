import type { NoveltyModel } from '@reeltag/contracts'

/**
 * How far a content lies from the labelled ones, as a quantile of such distances: Euclidean distance to the k-th nearest
 * of them along the axes (Sun et al., "Out-of-distribution detection with deep nearest neighbors", 2022).
 * @param logits over the leaves, by facet
 * @returns 0..1; the share of other labelled contents that lie nearer. undefined where a facet has no logits, or others
 */
export const noveltyOf = (
  model: NoveltyModel,
  logits: Readonly<Record<string, ArrayLike<number>>>,
): number | undefined => {
  const joined = joinLogits(model.facets, logits)
  if (joined?.length !== model.mean.length) return undefined
  const distance = neighbourDistance(model, along(model, joined))
  let nearer = 0
  while (nearer < model.distances.length && (model.distances[nearer] ?? 0) < distance) nearer++
  return nearer / (model.distances.length + 1)
}

/** The logits of some facets one behind the other, each facet without its mean: a softmax does not see it. */
export const joinLogits = (
  facets: readonly string[],
  logits: Readonly<Record<string, ArrayLike<number>>>,
): number[] | undefined => {
  const parts = facets.map((facet) => (Object.hasOwn(logits, facet) ? logits[facet] : undefined))
  if (parts.includes(undefined)) return undefined
  return parts.flatMap((part) => {
    const own = Array.from(part ?? [])
    const mean = own.reduce((sum, value) => sum + value, 0) / Math.max(1, own.length)
    return own.map((value) => value - mean)
  })
}

export const along = ({ mean, axes }: Pick<NoveltyModel, 'mean' | 'axes'>, joined: readonly number[]): number[] =>
  axes.map((axis) => axis.reduce((sum, weight, index) => sum + weight * ((joined[index] ?? 0) - (mean[index] ?? 0)), 0))

export const neighbourDistance = (
  { points, neighbour }: Pick<NoveltyModel, 'points' | 'neighbour'>,
  place: readonly number[],
): number => {
  const nearest: number[] = []
  for (const point of points) {
    let squared = 0
    for (let axis = 0; axis < place.length; axis++) squared += ((point[axis] ?? 0) - (place[axis] ?? 0)) ** 2
    if (nearest.length === neighbour && squared >= (nearest.at(-1) ?? 0)) continue
    nearest.push(squared)
    nearest.sort((a, b) => a - b)
    if (nearest.length > neighbour) nearest.pop()
  }
  return Math.sqrt(nearest.at(-1) ?? 0)
}
