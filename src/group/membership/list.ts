import { foldedUserName } from '../../account/folded-name.ts'
import type { Context } from '../../context.ts'
import { foldedNickname } from '../../conversation/folded-names.ts'
import { type ConversationRow, type MembershipRow, membershipColumns } from '../../conversation/store.ts'
import { invalidInput } from '../../errors.ts'
import type { GroupRole } from '../../platform/db/generated/enums.ts'
import { type Order, readTwoWayPage, type TwoWayArgs } from '../../platform/graphql/page.ts'
import { foldName } from '../../platform/language/folding/name.ts'
import { text } from '../../platform/text.ts'
import { check } from '../../platform/validation.ts'
import { findCandidates } from './search.ts'

const ranks: readonly GroupRole[] = ['OWNER', 'ADMIN', 'MEMBER']

// One statement per combination of filters: a single statement for all would always read a group from its beginning.
// Unused parameters are tested for null, so that the numbering stays the same.
const withRole = 'and m.role = $2::group_role'
const withAnyRole = 'and $2::text is null'
const fromCursor = (order: Order) =>
  `and (m.role, m.joined_at, m.user_id) ${order === 'forward' ? '>' : '<'}
    ($3::group_role, to_timestamp($4::float8 / 1000)::timestamptz(3), $5::text)`
const fromStart = 'and $3::text is null and $4::text is null and $5::text is null'
const amongCandidates = 'and m.user_id = any($7::text[])'
const matchesName = `and exists (
  select from "user" u where u.id = m.user_id
    and (strpos(${foldedUserName}, $7::text) > 0 or strpos(${foldedNickname}, $7::text) > 0
         or starts_with(u.handle, $7::text)))`

const columnOrder = {
  forward: 'm.role, m.joined_at, m.user_id',
  backward: 'm.role desc, m.joined_at desc, m.user_id desc',
}

const pageOf = (order: Order, ...parts: string[]) => `
  select ${membershipColumns}
  from membership m join conversation c on c.id = m.conversation_id
  where m.conversation_id = $1 and m.role is not null ${parts.join(' ')}
  order by ${columnOrder[order]} limit $6`

export interface MemberArgs extends TwoWayArgs {
  role?: GroupRole | null
  query?: string | null
}

const querySchema = text({ min: 0, max: 100 }).nullish()

/** The members of a group: owner, admins, members, each in the order in which they joined. */
export async function listMembers(
  ctx: Context,
  { id: groupId, memberCount }: ConversationRow,
  args: MemberArgs,
) {
  const given = check(querySchema, args.query, 'query') || null
  const query = given && foldName(given)
  const page = await readTwoWayPage(ctx.config.limits, args, {
    key: ['number', 'number', 'string'],
    read: async ([rank, joinedAt, userId], limit, order) => {
      // A query that folds to nothing, such as punctuation, would match every name.
      if (query === '') return []
      const afterRole = rank === null ? null : roleAt(rank, joinedAt)
      const candidates = query === null ? null : await findCandidates(ctx.sql, groupId, query)
      const nameFilter = query === null ? [] : [candidates ? amongCandidates : matchesName]
      const nameParams = query === null ? [] : [candidates ?? query]
      return ctx.sql.query<MembershipRow>(
        pageOf(
          order,
          args.role ? withRole : withAnyRole,
          afterRole ? fromCursor(order) : fromStart,
          ...nameFilter,
        ),
        [groupId, args.role ?? null, afterRole, joinedAt, userId, limit, ...nameParams],
      )
    },
    keyOf: (row) => [ranks.indexOf(row.role ?? 'MEMBER'), row.joinedAt.getTime(), row.userId],
  })
  return args.role || query !== null ? page : { ...page, totalCount: () => memberCount }
}

// Beyond this a PostgreSQL timestamp overflows.
const endOfTime = 9_000_000_000_000_000

/** The role of a cursor's rank; rejects a cursor with an unknown rank or a time out of range. */
function roleAt(rank: number, joinedAt: number): GroupRole {
  const role = ranks[rank]
  if (role && Math.abs(joinedAt) < endOfTime) return role
  throw invalidInput({ path: 'after', message: 'is not a cursor of this list' })
}
