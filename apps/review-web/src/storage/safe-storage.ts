/** The part of Web Storage that is used. */
export interface KeyValueStore {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

/** A store that lasts as long as the page, for where the browser allows no other. */
export const memoryStore = (): KeyValueStore => {
  const values = new Map<string, string>()
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  }
}

/** Reads JSON. What is missing or spoilt counts as not there. */
export const readJson = (store: KeyValueStore, key: string): unknown => {
  try {
    return JSON.parse(store.getItem(key) ?? 'null')
  } catch {
    return null
  }
}

/** Writes JSON. @returns false where the store is full or forbidden */
export const writeJson = (store: KeyValueStore, key: string, value: unknown): boolean => {
  try {
    store.setItem(key, JSON.stringify(value))
    return true
  } catch {
    return false
  }
}
