import { type Context, requireViewer } from '../context.ts'
import { type MembershipRow, membershipColumns, requireConversation } from '../conversation/store.ts'
import { decodePageKey, forwardPage, type PageArgs, pageSize } from '../platform/graphql/page.ts'
import { text } from '../platform/text.ts'
import { check } from '../platform/validation.ts'
import type { GroupRole } from './policy.ts'

const rank = `case m.role when 'OWNER' then 0 when 'ADMIN' then 1 else 2 end`
// Milliseconds, as the column holds them, so that the number is exact.
const joined = `(extract(epoch from m.joined_at) * 1000)::float8`

const page = `
  select ${membershipColumns}, ${rank} as rank, ${joined} as joined
  from membership m join conversation c on c.id = m.conversation_id
  where m.conversation_id = $1
    and ($2::text is null or m.role::text = $2)
    and ($3::text is null or exists (
      select from "user" u where u.id = m.user_id
        and (strpos(lower(u.display_name), lower($3)) > 0 or strpos(lower(m.nickname), lower($3)) > 0
             or starts_with(u.handle, lower($3)))))
    and ($4::integer is null or (${rank}, ${joined}, m.user_id) > ($4::integer, $5::float8, $6::text))
  order by rank, joined, m.user_id limit $7`

export interface MemberArgs extends PageArgs {
  role?: GroupRole | null
  query?: string | null
}

const querySchema = text({ min: 0, max: 100 }).nullish()

/** The members of a group: the owner, the admins, the others, each in the order in which they joined. */
export async function listMembers(ctx: Context, groupId: string, args: MemberArgs) {
  await requireConversation(ctx, requireViewer(ctx), groupId)
  const query = check(querySchema, args.query, 'query') || null
  const size = pageSize(ctx.config.limits, args.first)
  const after = decodePageKey<[number, number, string]>(args.after, ['number', 'number', 'string'])
  const rows = await ctx.sql.query<MembershipRow & { rank: number; joined: number }>(page, [
    groupId,
    args.role ?? null,
    query,
    after?.[0] ?? null,
    after?.[1] ?? null,
    after?.[2] ?? null,
    size + 1,
  ])
  return forwardPage(
    rows,
    size,
    args.after,
    (row) => [row.rank, row.joined, row.userId],
    (row): MembershipRow => row,
  )
}
