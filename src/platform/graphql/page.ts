import { invalidInput } from '../../errors.ts'
import type { Connection } from './connection.ts'
import { decodePageKey, type KeyOf, type PartTypes } from './page-key.ts'

export interface PageArgs {
  first?: number | null
  after?: string | null
}

export interface TwoWayArgs extends PageArgs {
  last?: number | null
  before?: string | null
}

export interface PageLimits {
  pageSize: number
  pageSizeMax: number
}

/** A size above the maximum is reduced to it, so that a client does not depend on the settings of a server. */
export function pageSize(limits: PageLimits, wanted: number | null | undefined, path = 'first'): number {
  if (wanted !== null && wanted !== undefined && wanted < 1)
    throw invalidInput({ path, message: 'must be at least 1' })
  return Math.min(wanted ?? limits.pageSize, limits.pageSizeMax)
}

/** Refuses a list argument with more items than a page has. */
export function checkCount({ pageSizeMax }: PageLimits, count: number, path: string): void {
  if (count > pageSizeMax) throw invalidInput({ path, message: `must have at most ${pageSizeMax} items` })
}

type NoKey<Shape extends PartTypes> = { -readonly [Part in keyof Shape]: null }

/** A list in the order of a key, paginated forward. */
interface KeysetList<Shape extends PartTypes, Row> {
  /** Types of the parts of the key. */
  key: Shape
  /** Reads the first rows after a key; all parts of the key are null for the first page. */
  read: (after: KeyOf<Shape> | NoKey<Shape>, limit: number) => Promise<Row[]>
  keyOf: (row: Row) => KeyOf<Shape>
}

/** SQL: a timestamp as part of a key, in milliseconds, the precision of the columns. */
export const timeKey = (column: string) => `(extract(epoch from ${column}) * 1000)::float8`

/** A list that is also paginated backward: `read` returns the rows after a key in the given order. */
interface TwoWayList<Shape extends PartTypes, Row> extends Omit<KeysetList<Shape, Row>, 'read'> {
  read: (after: KeyOf<Shape> | NoKey<Shape>, limit: number, order: Order) => Promise<Row[]>
}

export type Order = 'forward' | 'backward'

/** Reads `first` rows after a cursor, or `last` rows before one. */
export async function readTwoWayPage<const Shape extends PartTypes, Row>(
  limits: PageLimits,
  { first, after, last, before }: TwoWayArgs,
  { key, read, keyOf }: TwoWayList<Shape, Row>,
): Promise<Connection<Row>> {
  const backward = isGiven(last) || isGiven(before)
  if (backward && (isGiven(first) || isGiven(after)))
    throw invalidInput({
      path: isGiven(last) ? 'last' : 'before',
      message: 'cannot be combined with first or after',
    })
  if (!backward)
    return readForwardPage(
      limits,
      { first, after },
      { key, keyOf, read: (place, limit) => read(place, limit, 'forward') },
    )
  const page = await readForwardPage(
    limits,
    { first: last, after: before },
    { key, keyOf, read: (place, limit) => read(place, limit, 'backward') },
    { first: 'last', after: 'before' },
  )
  const { hasNextPage, hasPreviousPage, startKey, endKey } = page.pageInfo
  return {
    edges: page.edges.reverse(),
    pageInfo: {
      hasNextPage: hasPreviousPage,
      hasPreviousPage: hasNextPage,
      startKey: endKey,
      endKey: startKey,
    },
  }
}

const isGiven = <Value>(value: Value | null | undefined): value is Value =>
  value !== null && value !== undefined

/** Reads a page of a list, and one row more to see whether there is a next page. */
export async function readForwardPage<const Shape extends PartTypes, Row>(
  limits: PageLimits,
  { first, after }: PageArgs,
  { key, read, keyOf }: KeysetList<Shape, Row>,
  paths = { first: 'first', after: 'after' },
): Promise<Connection<Row>> {
  const size = pageSize(limits, first, paths.first)
  const place = decodePageKey(after, key, paths.after)
  const rows = await read(place ?? (key.map(() => null) as NoKey<Shape>), size + 1)
  const edges = rows.slice(0, size).map((node) => ({ key: keyOf(node), node }))
  return {
    edges,
    pageInfo: {
      hasNextPage: rows.length > size,
      hasPreviousPage: place !== null,
      startKey: edges[0]?.key ?? null,
      endKey: edges.at(-1)?.key ?? null,
    },
  }
}
