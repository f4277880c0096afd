import type { Core, Viewer } from '../context.ts'
import {
  type ConversationRow,
  findMembership,
  lockConversation,
  lockForAnyone,
  type MembershipKey,
  reviseConversation,
} from '../conversation/store.ts'
import { notFound, type Refusal } from '../errors.ts'
import type { Sql } from '../platform/db/sql.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { defineLoader } from '../platform/loader.ts'
import { deliveryModeAt, type GroupRole } from './policy.ts'

export type JoinPolicy = 'INVITE_ONLY' | 'APPROVAL' | 'OPEN'
export type PostingPolicy = 'EVERYONE' | 'ADMINS'
export type HistoryVisibility = 'ALL' | 'SINCE_JOINED'

/** What a group has beyond its conversation. */
export interface GroupRow {
  conversationId: string
  name: string
  description: string | null
  ownerId: string
  joinPolicy: JoinPolicy
  postingPolicy: PostingPolicy
  historyVisibility: HistoryVisibility
  mutedAll: boolean
  slowModeSeconds: number
  avatarMediaId: string | null
  avatarKey: string | null
}

const groupColumns = `g.conversation_id as "conversationId", g.name, g.description, g.owner_id as "ownerId",
  g.join_policy::text as "joinPolicy", g.posting_policy::text as "postingPolicy",
  g.history_visibility::text as "historyVisibility", g.muted_all as "mutedAll",
  g.slow_mode_seconds as "slowModeSeconds", g.avatar_media_id as "avatarMediaId", g.avatar_key as "avatarKey"`

export const loadGroup = defineLoader<string, GroupRow>(
  (sql, ids) =>
    sql.query(`select ${groupColumns} from group_conversation g where g.conversation_id = any($1)`, [ids]),
  (group) => group.conversationId,
)

/** What those see of a group who are not in it, but hold an invite or have asked. */
export interface GroupPreviewRow {
  conversationId: string
  name: string
  memberCount: number
  joinPolicy: JoinPolicy
  avatarKey: string | null
}

export const loadGroupPreview = defineLoader<string, GroupPreviewRow>(
  (sql, ids) =>
    sql.query(
      `select g.conversation_id as "conversationId", g.name, c.member_count as "memberCount",
              g.join_policy::text as "joinPolicy", g.avatar_key as "avatarKey"
       from group_conversation g join conversation c on c.id = g.conversation_id where g.conversation_id = any($1)`,
      [ids],
    ),
  (group) => group.conversationId,
)

/** What a verb on a group may need of the server. */
export type GroupServices = Pick<Core, 'config' | 'hooks'>

/** Locks a group that the viewer is in, then looks at it and at the viewer's part in it. */
export async function lockGroup(sql: Sql, viewer: Viewer, groupId: string) {
  const { conversation, membership } = await lockConversation(sql, viewer, groupId)
  const group = await findGroup(sql, groupId)
  // A conversation of two people answers like none at all.
  if (!group) throw notFound('conversation')
  return { conversation, membership, group }
}

/** The same for whoever would do something to a member of it; `refusalOf` says who may, by their role. */
export async function lockMember(
  sql: Sql,
  viewer: Viewer,
  member: MembershipKey,
  refusalOf: (role: GroupRole | null) => Refusal | null,
) {
  const locked = await lockGroup(sql, viewer, member.conversationId)
  const refusal = refusalOf(locked.membership.role)
  if (refusal) throw refusal
  const subject = await findMembership(sql, member)
  if (!subject) throw notFound('member')
  return { ...locked, subject }
}

/** Locks a group for somebody who need not be in it; null when there is none, or none any more. */
export async function lockGroupForAnyone(sql: Sql, userId: string, groupId: string) {
  const { conversation, membership } = await lockForAnyone(sql, userId, groupId)
  const group = await findGroup(sql, groupId)
  if (!conversation || !group || conversation.memberCount === 0) return null
  return { conversation, membership, group }
}

async function findGroup(sql: Sql, groupId: string): Promise<GroupRow | null> {
  const [group] = await sql.query<GroupRow>(
    `select ${groupColumns} from group_conversation g where g.conversation_id = $1`,
    [groupId],
  )
  return group ?? null
}

/** People came or went: their number, how changes travel to them, and word of it to all who are in now. */
export async function resizeGroup(
  services: GroupServices,
  tx: Tx,
  conversation: ConversationRow,
  memberCount: number,
): Promise<void> {
  const limit = services.config.limits.directGroupSize
  await tx.sql.query(
    `update conversation set member_count = $2, delivery_mode = $3::delivery_mode where id = $1`,
    [conversation.id, memberCount, deliveryModeAt(memberCount, limit, conversation.deliveryMode)],
  )
  await reviseGroup(services, tx, conversation.id)
}

/** The group itself changed: all who are in it are told after the commit. */
export async function reviseGroup(services: GroupServices, tx: Tx, groupId: string): Promise<void> {
  await reviseConversation(tx.sql, groupId)
  tx.afterCommit(() => services.hooks.signal('changesMarked'))
}
