/**
 * Loads a key once for everyone who asks meanwhile. A failure is forgotten, so that the next caller tries again: the file
 * may have been repaired.
 */
export const loadOnce = <T>(cache: Map<string, Promise<T>>, key: string, load: () => Promise<T>): Promise<T> => {
  const known = cache.get(key)
  if (known !== undefined) return known
  const loading = load()
  cache.set(key, loading)
  loading.catch(() => cache.delete(key))
  return loading
}
