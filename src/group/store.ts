import type { Core, Viewer } from '../context.ts'
import {
  bumpSettingsVersion,
  type ConversationRow,
  type ConversationView,
  conversationColumns,
  findMembership,
  lockConversation,
  type MembershipKey,
  readView,
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

type RefusalOf = (role: GroupRole | null) => Refusal | null

/** A group of the viewer as it is now, who by their role may do what is wanted. */
export async function readGroup(sql: Sql, viewer: Viewer, groupId: string, refusalOf: RefusalOf) {
  return asGroup(sql, await readView(sql, viewer, groupId), refusalOf)
}

/** Locks a group of the viewer, who by their role may do what is wanted; whoever may not is refused without the lock. */
export function lockGroup(sql: Sql, viewer: Viewer, groupId: string, refusalOf: RefusalOf = () => null) {
  return lockConversation(sql, viewer, groupId, (view) => asGroup(sql, view, refusalOf))
}

async function asGroup(sql: Sql, view: ConversationView, refusalOf: RefusalOf) {
  const group = await findGroup(sql, view.conversation.id)
  // A conversation of two people answers like none at all.
  if (!group) throw notFound('conversation')
  const refusal = refusalOf(view.membership.role)
  if (refusal) throw refusal
  return { ...view, group }
}

/**
 * The same for a change of one member. The viewer's role is asked first, so that only those who may do it learn who is a
 * member; then `rankRefusal` compares the two roles.
 */
export function lockMember(
  sql: Sql,
  viewer: Viewer,
  member: MembershipKey,
  refusalOf: RefusalOf,
  rankRefusal: (role: GroupRole | null, subject: GroupRole | null) => Refusal | null = () => null,
) {
  return lockConversation(sql, viewer, member.conversationId, async (view) => {
    const group = await asGroup(sql, view, refusalOf)
    const subject = await findMembership(sql, member)
    if (!subject) throw notFound('member')
    const refusal = rankRefusal(view.membership.role, subject.role)
    if (refusal) throw refusal
    return { ...group, subject }
  })
}

/** A group as it is now for a person who need not be a member; null when there is none, or it is dissolved. */
export async function readGroupForAnyone(sql: Sql, userId: string, groupId: string) {
  const [conversation] = await sql.query<ConversationRow>(
    `select ${conversationColumns} from conversation c where c.id = $1`,
    [groupId],
  )
  const group = await findGroup(sql, groupId)
  if (!conversation || !group || conversation.memberCount === 0) return null
  const membership = await findMembership(sql, { conversationId: groupId, userId })
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
    `update conversation set member_count = $2, delivery_mode = $3::message_delivery_mode where id = $1`,
    [conversation.id, memberCount, deliveryModeAt(memberCount, limit, conversation.deliveryMode)],
  )
  await reviseGroup(services, tx, conversation.id)
}

/** The group itself changed: all who are in it are told after the commit. */
export async function reviseGroup(services: GroupServices, tx: Tx, groupId: string): Promise<void> {
  await bumpSettingsVersion(tx.sql, groupId)
  tx.afterCommit(() => services.hooks.signal('changesMarked'))
}
