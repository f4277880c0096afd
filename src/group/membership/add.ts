import { limitStrangers } from '../../contact/limits.ts'
import { additionRefusal, isStranger } from '../../contact/policy.ts'
import { lockAccountsShared, readPairs } from '../../contact/store.ts'
import { type Context, requireViewer } from '../../context.ts'
import type { ConversationView } from '../../conversation/store.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { withTransaction } from '../../transaction.ts'
import type { JoinRequestRow } from '../join-request-store.ts'
import { additionsRefusal, manageRefusal, sizeRefusal } from '../policy.ts'
import { lockGroup, readGroup } from '../store.ts'
import { addMembers } from './addition.ts'

/**
 * Adds users to a group, all or none. Users who are members already are ignored. Returns the join requests that this
 * approved.
 */
export async function addGroupMembers(
  ctx: Context,
  groupId: string,
  userIds: string[],
): Promise<JoinRequestRow[]> {
  const viewer = requireViewer(ctx)
  const wanted = [...new Set(userIds)].sort()
  const tooMany = additionsRefusal(wanted.length, ctx.config)
  if (tooMany) throw tooMany

  const check = async (sql: Sql, { conversation, membership }: ConversationView) => {
    const newcomers = await nonMembersAmong(sql, groupId, wanted)
    const left = await leftByChoice(sql, groupId, newcomers)
    const people = (await readPairs(sql, viewer.userId, newcomers)).map((person) => ({
      ...person,
      leftByChoice: left.has(person.userId),
    }))
    const refusal =
      manageRefusal(membership.role) ??
      sizeRefusal(conversation.memberCount + newcomers.length, ctx.config) ??
      additionRefusal(people, ctx.config)
    if (refusal) throw refusal
    return { newcomers, strangers: people.filter(isStranger).map(({ userId }) => userId) }
  }
  const before = await check(ctx.sql, await readGroup(ctx.sql, viewer, groupId, manageRefusal))
  await limitStrangers(ctx, before.strangers, 'GROUP')

  return withTransaction(ctx, async (tx) => {
    await lockAccountsShared(tx.sql, viewer.userId, wanted)
    const { conversation, ...locked } = await lockGroup(tx.sql, viewer, groupId, manageRefusal)
    const { newcomers } = await check(tx.sql, { conversation, ...locked })
    if (newcomers.length === 0) return []

    return addMembers(ctx, tx, conversation, {
      userIds: newcomers,
      actorId: viewer.userId,
      event: 'MEMBERS_ADDED',
    })
  })
}

async function leftByChoice(sql: Sql, groupId: string, userIds: string[]): Promise<Set<string>> {
  const rows = await sql.query<{ id: string }>(
    `select user_id as id from former_member
     where conversation_id = $1 and user_id = any($2::text[]) and left_by_choice`,
    [groupId, userIds],
  )
  return new Set(rows.map((row) => row.id))
}

async function nonMembersAmong(sql: Sql, groupId: string, userIds: string[]): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    `select p.user_id as id from unnest($2::text[]) as p (user_id)
     where not exists (select from membership m where m.conversation_id = $1 and m.user_id = p.user_id)
     order by p.user_id`,
    [groupId, userIds],
  )
  return rows.map((row) => row.id)
}
