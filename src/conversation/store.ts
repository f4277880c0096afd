import { type Context, requireViewer, type Viewer } from '../context.ts'
import { notFound } from '../errors.ts'
import { checkThenLock } from '../platform/db/check-then-lock.ts'
import { arrayOf, columns } from '../platform/db/columns.ts'
import type { Conversation, Membership } from '../platform/db/generated/client.ts'
import type { Sql } from '../platform/db/sql.ts'
import { defineLoader, type Lookup } from '../platform/loader.ts'
import type { ConversationWriter } from '../transaction.ts'
import { conversationFields } from './append/head.ts'
import { lockConversationRow } from './lock.ts'
import { readCount } from './read-count.ts'

export type ConversationRow = Pick<Conversation, (typeof conversationFields)[number]> & {
  /** Increases with every change of the conversation itself or its members. */
  settingsVersion: number
  /** The viewer's membership, from the same snapshot; absent if the row was not read for one viewer. */
  membership?: MembershipRow
}

export const membershipFields = [
  'conversationId',
  'userId',
  'role',
  'nickname',
  'readSeq',
  'deliveredSeq',
  'visibleFromSeq',
  'pinned',
  'doNotDisturb',
  'mutedUntil',
  'hiddenAtSeq',
  'draft',
  'joinedAt',
] as const satisfies readonly (keyof Membership)[]

/** A membership with the conversation's numbers from the same snapshot, so that unread counts cannot be torn. */
export type MembershipRow = Pick<Membership, (typeof membershipFields)[number]> &
  Pick<Conversation, 'messageCount' | 'maxSeq'> & {
    /** The column at the read position, and the recalled messages after it. */
    readCount: number
  }

export const conversationColumns = `${columns('c', conversationFields)}, c.revision as "settingsVersion"`

const ownColumns = `${columns('m', membershipFields)}, ${readCount} as "readCount"`

export const membershipColumns = `${ownColumns}, ${columns('c', ['messageCount', 'maxSeq'])}`

/** SQL: a conversation `c` with the viewer's membership `m`, whose names do not collide. */
export const viewColumns = `${conversationColumns}, ${ownColumns}`

/** The end of a mute that has not expired. */
export function activeMute({ mutedUntil }: MembershipRow): Date | null {
  return mutedUntil && mutedUntil.getTime() > Date.now() ? mutedUntil : null
}

const membershipTables = `membership m join conversation c on c.id = m.conversation_id`

export interface MembershipKey {
  conversationId: string
  userId: string
}

const membershipText = (key: MembershipKey) => `${key.conversationId} ${key.userId}`

export const loadConversation = defineLoader<string, ConversationRow>(
  (sql, ids) =>
    sql.query(`select ${conversationColumns} from conversation c where c.id = any(${arrayOf(1, 'text')})`, [
      ids,
    ]),
  (row) => row.id,
)

export const loadMembership = defineLoader<MembershipKey, MembershipRow>(
  (sql, keys) =>
    sql.query(
      `select ${membershipColumns}
       from ${membershipTables}
       join unnest(${arrayOf(1, 'text')}, ${arrayOf(2, 'text')}) as k (conversation_id, user_id)
         on m.conversation_id = k.conversation_id and m.user_id = k.user_id`,
      [keys.map((key) => key.conversationId), keys.map((key) => key.userId)],
    ),
  membershipText,
  membershipText,
)

export const loadView = defineLoader<MembershipKey, ConversationRow & { membership: MembershipRow }>(
  async (sql, keys) => {
    const rows = await sql.query<ConversationRow & MembershipRow>(
      `select ${viewColumns}
       from ${membershipTables}
       join unnest(${arrayOf(1, 'text')}, ${arrayOf(2, 'text')}) as k (conversation_id, user_id)
         on m.conversation_id = k.conversation_id and m.user_id = k.user_id`,
      [keys.map((key) => key.conversationId), keys.map((key) => key.userId)],
    )
    return rows.map((row) => Object.assign(row, { membership: row }))
  },
  (row) => membershipText(row.membership),
  membershipText,
)

/** A conversation with the viewer's membership, as one row was read of both. Later lookups of the request find it. */
export function rememberView<Row extends ConversationRow & MembershipRow>(ctx: Context, row: Row) {
  const membership: MembershipRow = row
  const view = Object.assign(row, { membership })
  loadView.prime(ctx, row, view)
  return view
}

/** A conversation with the viewer's membership; null if it does not exist or the viewer is not a member. */
export function visibleConversation(ctx: Context, viewer: Viewer, conversationId: string) {
  return loadView(ctx, { conversationId, userId: viewer.userId })
}

export async function requireConversation(ctx: Context, viewer: Viewer, conversationId: string) {
  const visible = await visibleConversation(ctx, viewer, conversationId)
  if (!visible) throw notFound('conversation')
  return visible
}

/** A conversation for the viewer, or for all viewers of a shared execution; null for non-members. */
export function findConversation(ctx: Context, conversationId: string): Lookup<ConversationRow | null> {
  return ctx.shared
    ? loadConversation(ctx, conversationId)
    : visibleConversation(ctx, requireViewer(ctx), conversationId)
}

/**
 * The viewer's membership, from the snapshot in which the conversation was read. Access is decided once in an operation,
 * so that a removal in the meantime refuses no field.
 */
export function membershipOf({ id, membership }: ConversationRow): MembershipRow {
  if (!membership) throw new Error(`The conversation ${id} was read without a membership.`)
  return membership
}

const viewOfOne = `select ${viewColumns} from ${membershipTables}
  where m.conversation_id = $1 and m.user_id = $2`

/** The present conversation and membership of the viewer; NOT_FOUND for non-members. */
export async function readView(sql: Sql, viewer: Viewer, conversationId: string) {
  const [row] = await sql.query<ConversationRow & MembershipRow>(viewOfOne, [conversationId, viewer.userId])
  if (!row) throw notFound('conversation')
  return { conversation: row as ConversationRow, membership: row }
}

export type ConversationView = Awaited<ReturnType<typeof readView>>

/**
 * Locks a conversation of the viewer. `check` throws the refusal. It runs before the lock, so that users without
 * permission never hold it, and again under the lock, so that it sees a removal that was committed meanwhile.
 */
export function lockConversation<Checked extends ConversationView>(
  sql: Sql,
  viewer: Viewer,
  conversationId: string,
  check: (view: ConversationView) => Checked | Promise<Checked>,
): Promise<Checked> {
  return checkThenLock(
    async () => check(await readView(sql, viewer, conversationId)),
    () => lockConversationRow(sql, conversationId),
  )
}

export async function findMembership(sql: Sql, key: MembershipKey): Promise<MembershipRow | null> {
  const [membership] = await sql.query<MembershipRow>(
    `select ${membershipColumns} from ${membershipTables} where m.conversation_id = $1 and m.user_id = $2`,
    [key.conversationId, key.userId],
  )
  return membership ?? null
}

/**
 * Increases the settings version of a conversation whose settings or member list changed, and notifies every member.
 * Requires the conversation's lock.
 */
export async function bumpSettingsVersion(
  { sql, deliver }: ConversationWriter,
  conversationId: string,
): Promise<number> {
  deliver(conversationId)
  const [revised] = await sql.query<{ revision: number }>(
    `with revised as (
       update conversation set revision = revision + 1
       where id = $1 returning id, revision
     ), marked_for_topics as (
       insert into revision_mark (topic, conversation_id, revision)
       select t.name, r.id, r.revision from revised r cross join outbox_topic t where t.revisions
     )
     select revision from revised`,
    [conversationId],
  )
  if (!revised) throw notFound('conversation')
  return revised.revision
}
