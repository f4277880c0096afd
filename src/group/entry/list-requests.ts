import type { Context } from '../../context.ts'
import { type PageArgs, readForwardPage, timeKey } from '../../platform/graphql/page.ts'
import { type JoinRequestRow, joinRequestColumns, manages } from '../join-request-store.ts'

const asked = timeKey('r.created_at')

const page = `
  select ${joinRequestColumns}, ${asked} as asked from join_request r
  where r.conversation_id = $1 and r.status = 'PENDING'
    and ($2::float8 is null or (${asked}, r.id) > ($2::float8, $3::text))
  order by asked, r.id limit $4`

/** Who waits to be let in, the longest first; nobody for those who may not decide it. */
export async function listJoinRequests(ctx: Context, groupId: string, args: PageArgs) {
  return readForwardPage(ctx.config.limits, args, {
    key: ['number', 'string'],
    read: async (after, limit) => {
      if (!(await manages(ctx, groupId))) return []
      return ctx.sql.query<JoinRequestRow & { asked: number }>(page, [groupId, ...after, limit])
    },
    keyOf: (row) => [row.asked, row.id],
  })
}
