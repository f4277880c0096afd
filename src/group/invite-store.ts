import type { Viewer } from '../context.ts'
import type { Sql } from '../platform/db/sql.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { defineLoader } from '../platform/loader.ts'

export interface InviteRow {
  code: string
  conversationId: string
  inviterId: string
  expiresAt: Date | null
  maxUses: number | null
  uses: number
  /** Whether it lets this viewer in now. */
  usable: boolean
}

const columns = `i.code, i.conversation_id as "conversationId", i.inviter_id as "inviterId",
  i.expires_at as "expiresAt", i.max_uses as "maxUses", i.uses`

/** Not taken back, not past its time, not used up. */
const standing = `i.revoked_at is null and (i.expires_at is null or i.expires_at > clock_timestamp())
  and (i.max_uses is null or i.uses < i.max_uses)`

// Whoever was removed comes back by an invite that was made after that, not by one that they had in the pocket.
const meant = `not exists (
  select from former_member f
  where f.conversation_id = i.conversation_id and f.user_id = $2 and f.removed_at_seq > i.made_at_seq)`

const byCode = `select ${columns}, ${standing} and ${meant} as usable from group_invite i where i.code = $1`

/** The invite of a code, whatever became of it. */
export async function findInvite(sql: Sql, viewer: Viewer, code: string): Promise<InviteRow | null> {
  const [invite] = await sql.query<InviteRow>(byCode, [code, viewer.userId])
  return invite ?? null
}

const insert = `
  insert into group_invite as i (code, conversation_id, inviter_id, made_at_seq, expires_at, max_uses, created_at)
  select $1, $2, $3, $4::integer, $5::text::timestamptz, $6::integer, clock_timestamp()
  where $5::text is null or $5::text::timestamptz > clock_timestamp()
  returning ${columns}, true as usable`

/** Writes an invite; null when its time has passed already, by the clock of the database. */
export async function insertInvite(
  sql: Sql,
  invite: Omit<InviteRow, 'uses' | 'usable'> & { madeAtSeq: number },
): Promise<InviteRow | null> {
  const { code, conversationId, inviterId, madeAtSeq, expiresAt, maxUses } = invite
  const [row] = await sql.query<InviteRow>(insert, [
    code,
    conversationId,
    inviterId,
    madeAtSeq,
    expiresAt?.toISOString() ?? null,
    maxUses,
  ])
  return row ?? null
}

/** Needs the group's lock, and that the invite was looked at under it. */
export async function countUse(sql: Sql, code: string): Promise<void> {
  await sql.query(`update group_invite set uses = uses + 1 where code = $1`, [code])
}

export async function countInvites(sql: Sql, groupId: string): Promise<number> {
  const [row] = await sql.query<{ count: number }>(
    `select count(*)::integer as count from group_invite i where i.conversation_id = $1 and ${standing}`,
    [groupId],
  )
  return row?.count ?? 0
}

const revoke = (which: string) => `
  update group_invite set revoked_at = clock_timestamp() where ${which} and revoked_at is null`

const revokeOne = revoke('code = $1')
const revokeOfGroup = revoke('conversation_id = $1')
const revokeOfInviter = revoke('conversation_id = $1 and inviter_id = $2')

export async function revokeInvite(tx: Tx, code: string): Promise<void> {
  await tx.sql.query(revokeOne, [code])
}

export async function revokeAllInvites(tx: Tx, groupId: string): Promise<void> {
  await tx.sql.query(revokeOfGroup, [groupId])
}

/** An invite is the word of an owner or admin: it ends when they go or are one no more. */
export async function revokeInvitesOf(tx: Tx, groupId: string, inviterId: string): Promise<void> {
  await tx.sql.query(revokeOfInviter, [groupId, inviterId])
}

interface GroupInvites {
  conversationId: string
  invites: InviteRow[]
}

/** What still lets somebody in, the newest first; nothing when there is none. */
export const loadInvites = defineLoader<string, GroupInvites>(
  async (sql, groupIds) => {
    const rows = await sql.query<InviteRow>(
      `select ${columns}, true as usable from group_invite i
       where i.conversation_id = any($1) and ${standing} order by i.created_at desc, i.code`,
      [groupIds],
    )
    return groupIds.map((conversationId) => ({
      conversationId,
      invites: rows.filter((row) => row.conversationId === conversationId),
    }))
  },
  (group) => group.conversationId,
)
