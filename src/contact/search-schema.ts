import { UserConnection } from '../account/refs.ts'
import { userSearch } from '../account/search.ts'
import { requireViewer } from '../context.ts'
import { builder } from '../platform/graphql/builder.ts'
import { pageArgs } from '../platform/graphql/connection.ts'

const searchUsers = userSearch(`not exists (
  select from block b
  where (b.blocker_id = $1 and b.blocked_id = u.id) or (b.blocker_id = u.id and b.blocked_id = $1))`)

builder.queryField('searchUsers', (t) =>
  t.field({
    type: UserConnection,
    description:
      'Finds people by the beginning of their handle or by any part of their name, the best match first. Whoever I block or who blocks me never appears. INVALID_INPUT when the query is empty or longer than 64 code points.',
    args: {
      query: t.arg.string({ required: true, description: 'What to look for; upper case does not matter.' }),
      ...pageArgs,
    },
    resolve: (_root, args, ctx) => searchUsers(ctx, requireViewer(ctx), args),
  }),
)
