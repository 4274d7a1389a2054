/**
 * Processes items in several lanes at once. Items with the same key are processed one after another, in their order.
 * @returns once nothing runs any more; after a failure no further item is begun, and the first one is thrown
 */
export const inOrderByKey = async <T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  lanesMax: number,
  run: (item: T) => Promise<void>,
): Promise<void> => {
  const waiting = lanesOf(items, keyOf)
  const failures: unknown[] = []
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      for (const item of next) {
        if (failures.length > 0) return
        await run(item).catch((error: unknown) => failures.push(error))
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(lanesMax, waiting.length) }, lane))
  if (failures.length > 0) throw failures[0]
}

const lanesOf = <T>(items: readonly T[], keyOf: (item: T) => string): T[][] => {
  const lanes = new Map<string, T[]>()
  for (const item of items) {
    const lane = lanes.get(keyOf(item))
    if (lane === undefined) lanes.set(keyOf(item), [item])
    else lane.push(item)
  }
  return [...lanes.values()]
}
