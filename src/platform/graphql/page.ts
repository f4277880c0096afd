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

/** The key behind a cursor, checked to have as many parts of the same types as `shape`. */
export function decodePageKey<Key extends PageKey>(
  cursor: string | null | undefined,
  shape: { [Part in keyof Key]: 'string' | 'number' },
  path = 'after',
): Key | null {
  if (cursor === null || cursor === undefined) return null
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (Array.isArray(key) && key.length === shape.length && key.every((part, i) => typeof part === shape[i]))
      return key as Key
  } catch {
    // Falls through to the refusal.
  }
  throw invalidInput({ path, message: 'is not a cursor of this list' })
}

/** A forward page from rows that were read with one more than `size`, to see whether there is a next page. */
export function forwardPage<Row, Node>(
  rows: Row[],
  size: number,
  after: string | null | undefined,
  keyOf: (row: Row) => PageKey,
  nodeOf: (row: Row) => Node,
): Connection<Node> {
  const edges = rows.slice(0, size).map((row) => ({ cursor: encodePageKey(keyOf(row)), node: nodeOf(row) }))
  return {
    edges,
    pageInfo: {
      hasNextPage: rows.length > size,
      hasPreviousPage: after !== null && after !== undefined,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  }
}
