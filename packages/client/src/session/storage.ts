/** Where tokens and unsent messages are kept: `localStorage`, `AsyncStorage` or anything with the same methods. */
export interface KeyValueStorage {
  getItem(key: string): string | null | Promise<string | null>
  setItem(key: string, value: string): void | Promise<void>
  removeItem(key: string): void | Promise<void>
}

/** The storage of the page; memory where there is none, or where the user forbids it. */
export function defaultStorage(): KeyValueStorage {
  try {
    const { localStorage } = globalThis as { localStorage?: KeyValueStorage }
    if (localStorage) return localStorage
  } catch {
    // A page without permission to store throws.
  }
  return memoryStorage()
}

export function memoryStorage(): KeyValueStorage {
  const values = new Map<string, string>()
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  }
}

export async function readJson<Value>(storage: KeyValueStorage, key: string): Promise<Value | null> {
  const text = await storage.getItem(key)
  try {
    return text ? (JSON.parse(text) as Value) : null
  } catch {
    return null
  }
}
