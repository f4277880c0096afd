import type { Context, Viewer } from '../context.ts'
import type { Connection } from '../platform/graphql/connection.ts'
import { decodePageKey, forwardPage, type PageArgs, pageSize } from '../platform/graphql/page.ts'
import { text } from '../platform/text.ts'
import { check } from '../platform/validation.ts'
import { normaliseHandle } from './handle.ts'
import { type UserRow, userColumns } from './store.ts'

type FoundRow = UserRow & { rank: number }

// The exact handle, then handles and then names that begin so, then names that hold it. A handle is in ASCII, so its
// order is the same in every locale.
const page = (visible: string) => `
  select * from (
    select ${userColumns},
           case when u.handle = $2 then 0 when u.handle like $3 then 1
                when lower(u.display_name) like lower($4) then 2 else 3 end as rank
    from "user" u
    where u.deleted_at is null and (u.handle like $3 or lower(u.display_name) like lower('%' || $4)) and ${visible}
  ) found
  where $5::integer is null or (rank, handle collate "C") > ($5::integer, $6::text)
  order by rank, handle collate "C" limit $7`

const querySchema = text({ max: 64 })

/** Finds people, best match first. `visible` is SQL over `u`, somebody, and $1, the viewer: who may appear. */
export function userSearch(visible: string) {
  const statement = page(visible)

  return async (
    ctx: Context,
    viewer: Viewer,
    args: PageArgs & { query: string },
  ): Promise<Connection<UserRow>> => {
    const wanted = check(querySchema, args.query, 'query')
    const handle = normaliseHandle(wanted.replace(/^@(?=.)/u, ''))
    const size = pageSize(ctx.config.limits, args.first)
    const after = decodePageKey<[number, string]>(args.after, ['number', 'string'])
    const rows = await ctx.sql.query<FoundRow>(statement, [
      viewer.userId,
      handle,
      `${literally(handle)}%`,
      `${literally(wanted)}%`,
      after?.[0] ?? null,
      after?.[1] ?? null,
      size + 1,
    ])
    return forwardPage(
      rows,
      size,
      args.after,
      (row) => [row.rank, row.handle],
      (row): UserRow => row,
    )
  }
}

const literally = (pattern: string) => pattern.replace(/[\\%_]/g, '\\$&')
