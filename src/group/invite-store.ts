import type { Viewer } from '../context.ts'
import { columns } from '../platform/db/columns.ts'
import type { GroupInvite } from '../platform/db/generated/client.ts'
import type { Sql } from '../platform/db/sql.ts'
import { defineLoader } from '../platform/loader.ts'
import type { Tx } from '../transaction.ts'

const fields = [
  'code',
  'conversationId',
  'inviterId',
  'expiresAt',
  'maxUses',
  'uses',
] as const satisfies readonly (keyof GroupInvite)[]

export type InviteRow = Pick<GroupInvite, (typeof fields)[number]> & {
  /** Whether the viewer can join with it now. */
  usable: boolean
}

const inviteColumns = columns('i', fields)

/** Not revoked, not expired, not used up. */
const active = `i.revoked_at is null and (i.expires_at is null or i.expires_at > clock_timestamp())
  and (i.max_uses is null or i.uses < i.max_uses)`

// A removed member needs an invite created after the removal.
const allowsReturn = `not exists (
  select from former_member f
  where f.conversation_id = i.conversation_id and f.user_id = $2 and f.removed_at_seq > i.made_at_seq)`

const byCode = `select ${inviteColumns}, ${active} and ${allowsReturn} as usable from group_invite i where i.code = $1`

/** The invite with a code, also when it is no longer usable. */
export async function findInvite(sql: Sql, viewer: Viewer, code: string): Promise<InviteRow | null> {
  const [invite] = await sql.query<InviteRow>(byCode, [code, viewer.userId])
  return invite ?? null
}

const insert = `
  insert into group_invite as i (code, conversation_id, inviter_id, made_at_seq, expires_at, max_uses, created_at)
  select $1, $2, $3, $4::integer, $5::text::timestamptz, $6::integer, clock_timestamp()
  where $5::text is null or $5::text::timestamptz > clock_timestamp()
  returning ${inviteColumns}, true as usable`

/** Inserts an invite; null when `expiresAt` is past by the database's clock. */
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

/** Requires the group's lock, and that the invite was checked under it. */
export async function countUse(sql: Sql, code: string): Promise<void> {
  await sql.query(`update group_invite set uses = uses + 1 where code = $1`, [code])
}

export async function countInvites(sql: Sql, groupId: string): Promise<number> {
  const [row] = await sql.query<{ count: number }>(
    `select count(*)::integer as count from group_invite i where i.conversation_id = $1 and ${active}`,
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

/** An invite ends when its creator leaves the group or is no longer a manager. */
export async function revokeInvitesOf(tx: Tx, groupId: string, inviterId: string): Promise<void> {
  await tx.sql.query(revokeOfInviter, [groupId, inviterId])
}

interface GroupInvites {
  conversationId: string
  invites: InviteRow[]
}

/** Active invites of each group, newest first. */
export const loadInvites = defineLoader<string, GroupInvites>(
  async (sql, groupIds) => {
    const rows = await sql.query<InviteRow>(
      `select ${inviteColumns}, true as usable from group_invite i
       where i.conversation_id = any($1) and ${active} order by i.created_at desc, i.code`,
      [groupIds],
    )
    return groupIds.map((conversationId) => ({
      conversationId,
      invites: rows.filter((row) => row.conversationId === conversationId),
    }))
  },
  (group) => group.conversationId,
)
