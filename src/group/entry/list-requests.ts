import type { Context } from '../../context.ts'
import { type PageArgs, readForwardPage, timeKey } from '../../platform/graphql/page.ts'
import { type JoinRequestRow, joinRequestColumns, manages } from '../join-request-store.ts'

const createdMs = timeKey('r.created_at')

const page = `
  select ${joinRequestColumns}, ${createdMs} as "createdMs" from join_request r
  where r.conversation_id = $1 and r.status = 'PENDING'
    and ($2::float8 is null or (${createdMs}, r.id) > ($2::float8, $3::text))
  order by "createdMs", r.id limit $4`

/** Pending join requests of a group, oldest first; empty unless the viewer is owner or admin. */
export async function listJoinRequests(ctx: Context, groupId: string, args: PageArgs) {
  const requests = await readForwardPage(ctx.config.limits, args, {
    key: ['number', 'string'],
    read: async (after, limit) => {
      if (!(await manages(ctx, groupId))) return []
      return ctx.sql.query<JoinRequestRow & { createdMs: number }>(page, [groupId, ...after, limit])
    },
    keyOf: (row) => [row.createdMs, row.id],
  })
  return { ...requests, totalCount: () => countPending(ctx, groupId) }
}

async function countPending(ctx: Context, groupId: string): Promise<number> {
  if (!(await manages(ctx, groupId))) return 0
  const [row] = await ctx.sql.query<{ count: number }>(
    `select count(*)::integer as count from join_request where conversation_id = $1 and status = 'PENDING'`,
    [groupId],
  )
  return row?.count ?? 0
}
