import type { Context, Viewer } from '../context.ts'
import type { Connection } from '../platform/graphql/connection.ts'
import { type PageArgs, readForwardPage } from '../platform/graphql/page.ts'
import { foldName } from '../platform/language/folding/name.ts'
import { text } from '../platform/text.ts'
import { check } from '../platform/validation.ts'
import { foldedUserName } from './folded-name.ts'
import { type UserRow, userColumns } from './store.ts'

type FoundRow = UserRow & { rank: number }

// Ranked: exact handle, handle prefix, name prefix, name substring. Handles are ASCII, so their order does not depend
// on the locale.
const page = (visible: string) => `
  select * from (
    select ${userColumns},
           case when u.handle = $2 then 0 when u.handle like $3 then 1 when ${foldedUserName} like $4 then 2 else 3 end
             as rank
    from "user" u
    where u.deleted_at is null and (u.handle like $3 or ${foldedUserName} like '%' || $4) and ${visible}
  ) found
  where $5::integer is null or (rank, handle collate "C") > ($5::integer, $6::text)
  order by rank, handle collate "C" limit $7`

const querySchema = text({ max: 64 })

/** Searches users, best match first. `visible` is SQL over `u`, a user, and $1, the viewer: which users may appear. */
export function userSearch(visible: string) {
  const statement = page(visible)

  return async (
    ctx: Context,
    viewer: Viewer,
    args: PageArgs & { query: string },
  ): Promise<Connection<UserRow>> => {
    const name = foldName(check(querySchema, args.query, 'query'))
    const handle = name.replace(/^@(?=.)/u, '')
    const params = [viewer.userId, handle, `${escapeLike(handle)}%`, `${escapeLike(name)}%`]
    return readForwardPage(ctx.config.limits, args, {
      key: ['number', 'string'],
      // A query that folds to nothing, such as one of punctuation, would match every name.
      read: async (after, limit) =>
        name === '' ? [] : ctx.sql.query<FoundRow>(statement, [...params, ...after, limit]),
      keyOf: (row) => [row.rank, row.handle],
    })
  }
}

export const escapeLike = (pattern: string) => pattern.replace(/[\\%_]/g, '\\$&')
