import { invalidInput } from '../../errors.ts'
import type { Connection } from './connection.ts'

export interface PageArgs {
  first?: number | null
  after?: string | null
}

/** Where a keyset page starts: the sort key of the last row of the page before. */
export type PageKey = (string | number)[]

interface PageLimits {
  pageSize: number
  pageSizeMax: number
}

export function pageSize(limits: PageLimits, first: number | null | undefined, path = 'first'): number {
  if (first === null || first === undefined) return limits.pageSize
  if (first < 1 || first > limits.pageSizeMax)
    throw invalidInput({ path, message: `must be between 1 and ${limits.pageSizeMax}` })
  return first
}

export function encodePageKey(key: PageKey): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url')
}

type PartTypes = readonly ('string' | 'number')[]

type KeyOf<Shape extends PartTypes> = {
  -readonly [Part in keyof Shape]: Shape[Part] extends 'string' ? string : number
}

type NoKey<Shape extends PartTypes> = { -readonly [Part in keyof Shape]: null }

/** The key behind a cursor, checked to have as many parts of the same types as `shape`. */
export function decodePageKey<const Shape extends PartTypes>(
  cursor: string | null | undefined,
  shape: Shape,
  path = 'after',
): KeyOf<Shape> | null {
  if (cursor === null || cursor === undefined) return null
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (Array.isArray(key) && key.length === shape.length && key.every((part, i) => typeof part === shape[i]))
      return key as KeyOf<Shape>
  } catch {
    // Falls through to the refusal.
  }
  throw invalidInput({ path, message: 'is not a cursor of this list' })
}

/** A list in the order of a key, read forward. */
interface KeysetList<Shape extends PartTypes, Row> {
  /** Of what types the parts of the key are. */
  key: Shape
  /** The first rows behind a key, whose parts are all null where the list begins. */
  read: (after: KeyOf<Shape> | NoKey<Shape>, limit: number) => Promise<Row[]>
  keyOf: (row: Row) => KeyOf<Shape>
}

/** SQL: a time as a part of a key. Milliseconds, as the columns hold them, so that the number is exact. */
export const timeKey = (column: string) => `(extract(epoch from ${column}) * 1000)::float8`

/** The page of a list that is asked for. One row more than it holds is read, to see whether there is a next page. */
export async function readForwardPage<const Shape extends PartTypes, Row>(
  limits: PageLimits,
  { first, after }: PageArgs,
  { key, read, keyOf }: KeysetList<Shape, Row>,
): Promise<Connection<Row>> {
  const size = pageSize(limits, first)
  const place = decodePageKey(after, key)
  const rows = await read(place ?? (key.map(() => null) as NoKey<Shape>), size + 1)
  const edges = rows.slice(0, size).map((node) => ({ cursor: encodePageKey(keyOf(node)), node }))
  return {
    edges,
    pageInfo: {
      hasNextPage: rows.length > size,
      hasPreviousPage: place !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  }
}
