/** Named records that are read together, and changed together or not at all. */
export interface Records {
  load(): Promise<ReadonlyMap<string, unknown>>
  /** undefined removes a record. */
  change(changes: ReadonlyMap<string, unknown>): Promise<void>
  clear(): Promise<void>
}

const storeName = 'records'

interface Wish<Result> {
  readonly result: Result
  readonly error: unknown
  onsuccess: (() => void) | null
  onerror: (() => void) | null
}

interface RecordStore {
  getAllKeys(): Wish<string[]>
  getAll(): Wish<unknown[]>
  put(value: unknown, key: string): unknown
  delete(key: string): unknown
  clear(): unknown
}

interface Transaction {
  readonly error: unknown
  oncomplete: (() => void) | null
  onabort: (() => void) | null
  objectStore(name: string): RecordStore
}

interface Database {
  createObjectStore(name: string): unknown
  transaction(name: string, mode: 'readonly' | 'readwrite'): Transaction
  close(): void
  onversionchange: (() => void) | null
  onclose: (() => void) | null
}

/** The part of IndexedDB that the cache uses. */
export interface DatabaseFactory {
  open(name: string, version: number): Wish<Database> & { onupgradeneeded: (() => void) | null }
}

const done = <Result>(wish: Wish<Result>): Promise<Result> =>
  new Promise((resolve, reject) => {
    wish.onsuccess = () => resolve(wish.result)
    wish.onerror = () => reject(wish.error)
  })

/** Records in IndexedDB. Each call fails where it is missing, forbidden, full or broken. */
export function indexedRecords(name: string, factory?: DatabaseFactory): Records {
  let opened: Promise<Database> | null = null

  async function open(): Promise<Database> {
    const { indexedDB } = globalThis as unknown as { indexedDB: DatabaseFactory }
    const wish = (factory ?? indexedDB).open(name, 1)
    wish.onupgradeneeded = () => wish.result.createObjectStore(storeName)
    const database = await done(wish)
    const forget = () => {
      opened = null
    }
    database.onversionchange = () => {
      database.close()
      forget()
    }
    database.onclose = forget
    return database
  }

  async function run<Result>(
    mode: 'readonly' | 'readwrite',
    work: (records: RecordStore) => Promise<Result>,
  ): Promise<Result> {
    opened ??= open()
    const database = await opened.catch((error: unknown) => {
      opened = null
      throw error
    })
    const transaction = database.transaction(storeName, mode)
    const over = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = resolve
      transaction.onabort = () => reject(transaction.error)
    })
    const [result] = await Promise.all([work(transaction.objectStore(storeName)), over])
    return result
  }

  return {
    load: () =>
      run('readonly', async (records) => {
        const [keys, values] = await Promise.all([done(records.getAllKeys()), done(records.getAll())])
        return new Map(keys.map((key, index) => [key, values[index]]))
      }),
    change: (changes) =>
      run('readwrite', async (records) => {
        for (const [key, value] of changes)
          if (value === undefined) records.delete(key)
          else records.put(value, key)
      }),
    clear: () => run('readwrite', async (records) => void records.clear()),
  }
}
