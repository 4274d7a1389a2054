import type { Fault, Place } from './read-yaml.js'

/** Weights are written in decimals, so that thirds do not sum to 1 exactly. Whoever applies them divides by their sum. */
const tolerance = 1e-6

export const weightFault = (weights: Readonly<Record<string, number>>, place: Place): Fault[] => {
  const sum = Object.values(weights).reduce((total, weight) => total + weight, 0)
  if (Math.abs(sum - 1) <= tolerance) return []
  return [{ place, message: `the weights sum to ${Number(sum.toFixed(6))}, not to 1: correct them` }]
}
