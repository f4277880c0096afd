import { requireViewer } from '../context.ts'
import { builder } from '../platform/graphql/builder.ts'
import { NodeInterface, readNode } from '../platform/graphql/node.ts'
import { checkCount } from '../platform/graphql/page.ts'

builder.queryFields((t) => ({
  node: t.field({
    type: NodeInterface,
    nullable: true,
    description: 'The object with this id; null if it does not exist, or the viewer may not see it.',
    args: { id: t.arg.id({ required: true, description: 'The id of an object of any type.' }) },
    resolve: (_root, { id }, ctx) => {
      requireViewer(ctx)
      return readNode(ctx, id)
    },
  }),
  nodes: t.field({
    errors: ['INVALID_INPUT'],
    type: [NodeInterface],
    nullable: { list: false, items: true },
    items: ['.ids'],
    readsEach: true,
    description:
      'The objects with these ids, in their order; null for each that does not exist or that the viewer may not see. INVALID_INPUT above serverInfo.limits.pageSizeMax ids.',
    args: { ids: t.arg.idList({ required: true, description: 'The ids of objects of any types.' }) },
    resolve: (_root, { ids }, ctx) => {
      requireViewer(ctx)
      checkCount(ctx.config.limits, ids.length, 'ids')
      return ids.map((id) => readNode(ctx, id))
    },
  }),
}))
