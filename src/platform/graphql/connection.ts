import type { ObjectRef } from '@pothos/core'
import { builder } from './builder.ts'

export interface Edge<Node> {
  cursor: string
  node: Node
}

export interface Connection<Node> {
  edges: Edge<Node>[]
  pageInfo: PageInfo
}

interface PageInfo {
  hasNextPage: boolean
  hasPreviousPage: boolean
  startCursor: string | null
  endCursor: string | null
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
    startCursor: t.exposeString('startCursor', {
      nullable: true,
      description: 'Cursor of the first edge; null if the page is empty.',
      shareable: true,
    }),
    endCursor: t.exposeString('endCursor', {
      nullable: true,
      description: 'Cursor of the last edge; null if the page is empty.',
      shareable: true,
    }),
  }),
})

/** Arguments of a list that is paginated forward. */
export const pageArgs = builder.args((t) => ({
  first: t.int({
    description:
      'Page size. Default: `serverInfo.limits.pageSize`; maximum: `serverInfo.limits.pageSizeMax`.',
  }),
  after: t.string({ description: '`endCursor` of the previous page. Default: the first page.' }),
}))

/** The types `<name>Connection` and `<name>Edge` over a node type. */
export function defineConnection<Node>(name: string, nodeType: () => unknown, of: string) {
  type AnyNode = ObjectRef<never, Node>
  const edge = builder.objectRef<Edge<Node>>(`${name}Edge`)
  edge.implement({
    description: `An item of ${of}, with its cursor.`,
    fields: (t) => ({
      cursor: t.exposeString('cursor', { description: 'Cursor of the item, for `after` or `before`.' }),
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
      edges: t.expose('edges', { type: [edge], description: 'Items of the page, in order.' }),
      pageInfo: t.expose('pageInfo', {
        type: PageInfoType,
        description: 'Position of the page in the list.',
      }),
    }),
  })
  return connection
}
