import type { MediaObjects } from '../../media/storage/storage.ts'
import type { StoredVariant } from '../../media/store.ts'
import type { Sql } from '../../platform/db/sql.ts'

/** Bytes that a media item names. */
export interface NamedObject {
  key: string
  bytes: number
}

interface Row {
  id: string
  objectKey: string
  byteSize: number
  variants: StoredVariant[]
}

const page = `
  select id, object_key as "objectKey", byte_size as "byteSize", variants
  from media where id > $1 and object_key is not null order by id limit 1000`

/** Every object that a media item of the database names. */
export async function* namedObjects(sql: Sql): AsyncGenerator<NamedObject> {
  for (let after = ''; ; ) {
    const rows = await sql.query<Row>(page, [after])
    for (const { objectKey, byteSize, variants } of rows) {
      yield { key: objectKey, bytes: byteSize }
      for (const variant of variants) yield { key: variant.key, bytes: variant.byteSize }
    }
    const last = rows.at(-1)
    if (!last) return
    after = last.id
  }
}

const width = 4

/** Works on a few items at a time and returns the results in order. After an error, no further item is begun. */
export async function* inParallel<Item, Result>(
  items: AsyncIterable<Item>,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const running: Promise<Result>[] = []
  for await (const item of items) {
    const turn = work(item)
    // Awaited later, or not at all if an earlier one fails.
    turn.catch(() => {})
    running.push(turn)
    if (running.length >= width) yield (await running.shift()) as Result
  }
  for (const turn of running) yield await turn
}

/**
 * Copies an object; `inspect` reads the copied file. Returns null if the source does not have it, also if it is deleted
 * meanwhile, and false if the target has it already.
 */
export async function copyObject(
  from: MediaObjects,
  to: MediaObjects,
  key: string,
  inspect: (path: string) => Promise<void> = async () => {},
): Promise<boolean | null> {
  const size = await from.sizeOf(key)
  if (size === null) return null
  if ((await to.sizeOf(key)) === size) return false
  try {
    await from.withFile(key, async (path) => {
      await to.put(key, path)
      await inspect(path)
    })
    return true
  } catch (error) {
    if ((await from.sizeOf(key)) === null) return null
    throw error
  }
}
