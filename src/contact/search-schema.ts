import { UserConnection } from '../account/refs.ts'
import { userSearch } from '../account/search.ts'
import { requireViewer } from '../context.ts'
import { builder } from '../platform/graphql/builder.ts'
import { pageArgs } from '../platform/graphql/connection.ts'

const searchUsers = userSearch(`not exists (
  select from block b where b.blocker_id = $1 and b.blocked_id = u.id)`)

builder.queryField('searchUsers', (t) =>
  t.field({
    type: UserConnection,
    description:
      'Searches users by the beginning of the handle or any part of the display name, best match first. Users whom the viewer blocks are left out. INVALID_INPUT if the query is empty or longer than 64 code points.',
    args: {
      query: t.arg.string({ required: true, description: 'Search text; case-insensitive.' }),
      ...pageArgs,
    },
    resolve: (_root, args, ctx) => searchUsers(ctx, requireViewer(ctx), args),
  }),
)
