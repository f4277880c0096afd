import type { Lock } from '../session/lock.ts'
import { type KeyValueStorage, readJson } from '../session/storage.ts'
import type { Item } from './item.ts'

/** The stored items of a user. Tabs share them, so each change is applied to what is stored at that moment. */
export interface Saved {
  load(): Promise<Item[]>
  put(item: Item): Promise<void>
  remove(key: string): Promise<void>
}

export function savedItems(storage: KeyValueStorage, lock: Lock, name: string): Saved {
  const load = async () => (await readJson<Item[]>(storage, name)) ?? []
  const change = (next: (items: Item[]) => Item[]) =>
    lock(name, async () => {
      const items = next(await load())
      await (items.length > 0 ? storage.setItem(name, JSON.stringify(items)) : storage.removeItem(name))
    })
  return {
    load,
    put: (item) =>
      change((items) =>
        items.some(({ key }) => key === item.key)
          ? items.map((other) => (other.key === item.key ? item : other))
          : [...items, item],
      ),
    remove: (key) => change((items) => items.filter((item) => item.key !== key)),
  }
}
