import { additionRefusal } from '../contact/policy.ts'
import { holdPairs, readPairs } from '../contact/store.ts'
import { type Context, requireViewer } from '../context.ts'
import { type ConversationRow, requireConversation } from '../conversation/store.ts'
import { appendSystemMessage } from '../conversation/system-message.ts'
import type { Sql } from '../platform/db/sql.ts'
import { withTransaction } from '../platform/db/transaction.ts'
import { manageRefusal, sizeRefusal } from './policy.ts'
import { lockGroup, resizeGroup } from './store.ts'

// Whoever joins has read everything so far, and sees the message that says so.
const admit = `
  insert into membership (conversation_id, user_id, role, read_seq, read_count, visible_from_seq)
  select c.id, p.user_id, 'MEMBER', c.max_seq, c.message_count,
         case when g.history_visibility = 'ALL' then 1 else c.max_seq + 1 end
  from conversation c join group_conversation g on g.conversation_id = c.id, unnest($2::text[]) as p (user_id)
  where c.id = $1`

/** Brings people into a group: all of them, or nobody. Who is in it already is passed over. */
export async function addGroupMembers(
  ctx: Context,
  groupId: string,
  userIds: string[],
): Promise<ConversationRow> {
  const viewer = requireViewer(ctx)
  const wanted = [...new Set(userIds)].sort()
  const tooMany = sizeRefusal(wanted.length, ctx.config)
  if (tooMany) throw tooMany

  await withTransaction(ctx, async (tx) => {
    await holdPairs(tx.sql, viewer.userId, wanted)
    const { conversation, membership } = await lockGroup(tx.sql, viewer, groupId)
    const newcomers = await notYetIn(tx.sql, groupId, wanted)
    const people = await readPairs(tx.sql, viewer.userId, newcomers)
    const memberCount = conversation.memberCount + newcomers.length
    const refusal =
      manageRefusal(membership.role) ??
      sizeRefusal(memberCount, ctx.config) ??
      additionRefusal(people, ctx.config)
    if (refusal) throw refusal
    if (newcomers.length === 0) return

    await tx.sql.query(admit, [groupId, newcomers])
    await appendSystemMessage(tx.sql, groupId, {
      event: 'MEMBERS_ADDED',
      actorId: viewer.userId,
      subjectIds: newcomers,
    })
    await resizeGroup(ctx, tx, conversation, memberCount)
    for (const userId of newcomers) tx.announce({ userId, kind: 'conversation', subjectId: groupId })
  })
  return requireConversation(ctx, viewer, groupId)
}

async function notYetIn(sql: Sql, groupId: string, userIds: string[]): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    `select p.user_id as id from unnest($2::text[]) as p (user_id)
     where not exists (select from membership m where m.conversation_id = $1 and m.user_id = p.user_id)
     order by p.user_id`,
    [groupId, userIds],
  )
  return rows.map((row) => row.id)
}
