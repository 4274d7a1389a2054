// Compares two sets of JSON Schemas. A released contract may gain definitions and optional fields; anything else would
// break somebody who reads or writes the old one.

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)

/** @returns the forbidden changes from `before` to `after`, each as `path: what happened` */
export const forbiddenChanges = (before, after, path = '') => {
  if (!isObject(before) || !isObject(after)) {
    return JSON.stringify(before) === JSON.stringify(after)
      ? []
      : [`${path}: ${JSON.stringify(before)} became ${JSON.stringify(after)}`]
  }
  const keys = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...keys].flatMap((key) => {
    const here = `${path}/${key}`
    if (!(key in before)) return mayAppear(path, key, after) ? [] : [`${here}: appeared`]
    if (!(key in after)) return [`${here}: is gone`]
    return forbiddenChanges(before[key], after[key], here)
  })
}

/** New definitions at the top, and new members of `properties` that nothing requires. */
const mayAppear = (path, key, siblings) => {
  const depth = path.split('/').length - 1
  if (depth <= 1) return true
  return path.endsWith('/properties') && isObject(siblings[key])
}
