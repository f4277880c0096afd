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
import { arrayOf, columns } from '../platform/db/columns.ts'
import type { GroupConversation } from '../platform/db/generated/client.ts'
import type { GroupRole, JoinPolicy } from '../platform/db/generated/enums.ts'
import { jsonRow } from '../platform/db/json-row.ts'
import type { Sql } from '../platform/db/sql.ts'
import type { Join } from '../platform/graphql/joins/declare.ts'
import { defineLoader } from '../platform/loader.ts'
import type { Tx } from '../transaction.ts'
import { deliveryModeAt } from './policy.ts'

const groupFields = [
  'conversationId',
  'name',
  'description',
  'ownerId',
  'joinPolicy',
  'postingPolicy',
  'historyVisibility',
  'mentionAllPolicy',
  'mutedAll',
  'slowModeSeconds',
  'avatarMediaId',
  'avatarKey',
] as const satisfies readonly (keyof GroupConversation)[]

/** Settings of a group beyond its conversation. */
export type GroupRow = Pick<GroupConversation, (typeof groupFields)[number]>

const groupColumns = columns('g', groupFields)

export const loadGroup = defineLoader<string, GroupRow>(
  (sql, ids) =>
    sql.query(
      `select ${groupColumns} from group_conversation g where g.conversation_id = any(${arrayOf(1, 'text')})`,
      [ids],
    ),
  (group) => group.conversationId,
)

const groupRow = jsonRow<GroupRow>(groupFields, {})

/** The settings of a group, read with its conversation. */
export const groupJoin: Join = {
  name: 'group',
  sql: () =>
    `case c.kind when 'GROUP' then (select ${groupRow.select('g')} from group_conversation g where g.conversation_id = c.id) end`,
  take: (ctx, { id }: { id: string }, json) => {
    if (json !== null) loadGroup.prime(ctx, id, groupRow.read(json))
  },
}

/** What holders of an invite and users with a join request see of a group. */
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
       from group_conversation g join conversation c on c.id = g.conversation_id where g.conversation_id = any(${arrayOf(1, 'text')})`,
      [ids],
    ),
  (group) => group.conversationId,
)

export type GroupServices = Pick<Core, 'config' | 'hooks'>

type RefusalOf = (role: GroupRole | null) => Refusal | null

/** A group of the viewer, without a lock; throws the refusal of the viewer's role. */
export async function readGroup(sql: Sql, viewer: Viewer, groupId: string, refusalOf: RefusalOf) {
  return asGroup(sql, await readView(sql, viewer, groupId), refusalOf)
}

/** Locks a group of the viewer; a viewer whose role is refused never waits for the lock or takes it. */
export function lockGroup(sql: Sql, viewer: Viewer, groupId: string, refusalOf: RefusalOf = () => null) {
  return lockConversation(sql, viewer, groupId, (view) => asGroup(sql, view, refusalOf))
}

async function asGroup(sql: Sql, view: ConversationView, refusalOf: RefusalOf) {
  const group = await findGroup(sql, view.conversation.id)
  // A direct conversation is answered like a missing group.
  if (!group) throw notFound('conversation')
  const refusal = refusalOf(view.membership.role)
  if (refusal) throw refusal
  return { ...view, group }
}

/**
 * Locks a group for a change of one member. The viewer's role is checked first, so that only permitted viewers learn
 * who is a member; then `rankRefusal` compares the two roles.
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

/** A group, and the user's membership if they have one; null when it does not exist or is dissolved. */
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

/** Sets the member count and the delivery mode that follows from it, and announces the change. */
export async function resizeGroup(
  services: GroupServices,
  tx: Tx,
  conversation: ConversationRow,
  memberCount: number,
): Promise<void> {
  const { limits } = services.config
  await tx.sql.query(
    `update conversation set member_count = $2, delivery_mode = $3::message_delivery_mode where id = $1`,
    [conversation.id, memberCount, deliveryModeAt(memberCount, limits, conversation.deliveryMode)],
  )
  await bumpSettingsVersion(tx, conversation.id)
}
