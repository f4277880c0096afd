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
  description: 'Where a page lies, as the Relay Cursor Connections specification says.',
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', {
      description: 'There is more after endCursor.',
      shareable: true,
    }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', {
      description: 'There is more before startCursor.',
      shareable: true,
    }),
    startCursor: t.exposeString('startCursor', {
      nullable: true,
      description: 'The cursor of the first edge; null when the page is empty.',
      shareable: true,
    }),
    endCursor: t.exposeString('endCursor', {
      nullable: true,
      description: 'The cursor of the last edge; null when the page is empty.',
      shareable: true,
    }),
  }),
})

/** The arguments of a list that is read forward. */
export const pageArgs = builder.args((t) => ({
  first: t.int({
    description: 'Page size. Default: serverInfo.limits.pageSize; maximum: serverInfo.limits.pageSizeMax.',
  }),
  after: t.string({ description: 'The endCursor of the page before.' }),
}))

/** The types `<name>Connection` and `<name>Edge` over a node type. */
export function defineConnection<Node>(name: string, nodeType: () => unknown, of: string) {
  type AnyNode = ObjectRef<never, Node>
  const edge = builder.objectRef<Edge<Node>>(`${name}Edge`)
  edge.implement({
    description: `One of ${of}, with its place in the list.`,
    fields: (t) => ({
      cursor: t.exposeString('cursor', { description: 'Pass it as `after` or `before` to go on from here.' }),
      node: t.field({
        type: nodeType() as AnyNode,
        description: 'The item itself.',
        resolve: (parent) => parent.node as never,
      }),
    }),
  })
  const connection = builder.objectRef<Connection<Node>>(`${name}Connection`)
  connection.implement({
    description: `A page of ${of}.`,
    fields: (t) => ({
      edges: t.expose('edges', { type: [edge], description: 'The items of this page, in order.' }),
      pageInfo: t.expose('pageInfo', { type: PageInfoType, description: 'Whether there is more.' }),
    }),
  })
  return connection
}
