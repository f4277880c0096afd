import type { ObjectRef } from '@pothos/core'
import { builder } from './builder.ts'
import { encodePageKey, type PageKey } from './page-key.ts'

export interface Edge<Node> {
  /** Encoded as a cursor for the clients that select it. */
  key: PageKey
  node: Node
}

export interface Connection<Node> {
  edges: Edge<Node>[]
  pageInfo: PageInfo
  /** Counts the whole list along an index; absent for lists without such an index. */
  totalCount?: () => Promise<number> | number
}

interface PageInfo {
  hasNextPage: boolean
  hasPreviousPage: boolean
  /** Keys of the first and the last edge; null if the page is empty. */
  startKey: PageKey | null
  endKey: PageKey | null
}

const PageInfoType = builder.objectRef<PageInfo>('PageInfo').implement({
  description: 'Position of a page, by the Relay Cursor Connections specification.',
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', {
      description: 'Whether there are more items after `endCursor`.',
      shareable: true,
    }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', {
      description: 'Whether there are more items before `startCursor`.',
      shareable: true,
    }),
    startCursor: t.string({
      nullable: true,
      description: 'Cursor of the first edge; null if the page is empty.',
      shareable: true,
      resolve: ({ startKey }) => startKey && encodePageKey(startKey),
    }),
    endCursor: t.string({
      nullable: true,
      description: 'Cursor of the last edge; null if the page is empty.',
      shareable: true,
      resolve: ({ endKey }) => endKey && encodePageKey(endKey),
    }),
  }),
})

/** What every description of a page size says. */
export const sizes =
  'Default: serverInfo.limits.pageSize. A size above serverInfo.limits.pageSizeMax is reduced to it.'

/** Arguments of a list that is paginated forward. */
export const pageArgs = builder.args((t) => ({
  first: t.int({ description: `Page size. ${sizes}` }),
  after: t.string({ description: '`endCursor` of the previous page. Default: the first page.' }),
}))

/** Arguments of a list that is paginated in both directions. */
export const twoWayArgs = builder.args((t) => ({
  first: t.int({ description: `Page size from the beginning, or after \`after\`. ${sizes}` }),
  after: t.string({ description: '`endCursor` of a page, for the page after it.' }),
  last: t.int({ description: `Page size from the end, or before \`before\`. ${sizes}` }),
  before: t.string({ description: '`startCursor` of a page, for the page before it.' }),
}))

interface ConnectionOptions {
  /** `always` if every list of the type can be counted, `some` if the count is null for others. */
  counted?: 'always' | 'some'
}

/** The types `<name>Connection` and `<name>Edge` over a node type. */
export function defineConnection<Node>(
  name: string,
  nodeType: () => unknown,
  of: string,
  { counted }: ConnectionOptions = {},
) {
  type AnyNode = ObjectRef<never, Node>
  const edge = builder.objectRef<Edge<Node>>(`${name}Edge`)
  edge.implement({
    description: `An item of ${of}, with its cursor.`,
    fields: (t) => ({
      cursor: t.string({
        description: 'Cursor of the item, for `after` or `before`.',
        resolve: ({ key }) => encodePageKey(key),
      }),
      node: t.field({
        type: nodeType() as AnyNode,
        description: 'The item.',
        resolve: (parent) => parent.node as never,
      }),
    }),
  })
  const connection = builder.objectRef<Connection<Node>>(`${name}Connection`)
  connection.implement({
    description: `A page of ${of}.`,
    fields: (t) => ({
      nodes: t.field({
        type: [nodeType() as AnyNode],
        items: 'page',
        description: 'Items of the page, in order.',
        resolve: ({ edges }) => edges.map(({ node }) => node) as never,
      }),
      edges: t.expose('edges', {
        type: [edge],
        items: 'page',
        description: 'Items of the page with their cursors, in order.',
      }),
      pageInfo: t.expose('pageInfo', {
        type: PageInfoType,
        description: 'Position of the page in the list.',
      }),
    }),
  })
  if (counted)
    builder.objectField(connection, 'totalCount', (t) =>
      t.int({
        nullable: counted === 'some',
        description:
          counted === 'some'
            ? 'Number of items of all pages; null for searches and filtered lists.'
            : 'Number of items of all pages.',
        resolve: ({ totalCount }) => (totalCount?.() ?? null) as number,
      }),
    )
  return connection
}
