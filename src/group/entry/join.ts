import { lockAccount } from '../../account/store.ts'
import { type Context, requireViewer, type Viewer } from '../../context.ts'
import { type ConversationRow, requireConversation, visibleConversation } from '../../conversation/store.ts'
import { notFound } from '../../errors.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { withTransaction } from '../../platform/db/transaction.ts'
import { text } from '../../platform/text.ts'
import { check } from '../../platform/validation.ts'
import { findInvite, type InviteRow, takeUse } from '../invite-store.ts'
import type { JoinRequestRow } from '../join-request-store.ts'
import { letIn } from '../membership/addition.ts'
import { entryTo, sizeRefusal } from '../policy.ts'
import { lockGroupForAnyone } from '../store.ts'
import { askToJoin } from './ask.ts'

/** Exactly one of these; GraphQL sees to that. */
export interface JoinGroupInput {
  groupId?: string | null
  inviteCode?: string | null
}

export interface JoinGroupResult {
  conversation: ConversationRow | null
  request: JoinRequestRow | null
}

const noteSchema = text({ min: 0, max: 200 }).nullish()

/** The viewer gets in, or asks to, by what the group's policy and the invite say. Joining twice is joining once. */
export async function joinGroup(
  ctx: Context,
  by: JoinGroupInput,
  note?: string | null,
): Promise<JoinGroupResult> {
  const viewer = requireViewer(ctx)
  const written = check(noteSchema, note, 'note') || null
  await limitJoining(ctx, viewer, by)
  const outcome = await withTransaction(ctx, async (tx) => {
    // The first of all locks: an account that ends takes its memberships and requests along.
    await lockAccount(tx.sql, viewer.userId)
    const { conversation, group, membership, invite, removed } = await approach(tx.sql, viewer, by)
    const inside = { groupId: conversation.id, request: null }
    if (membership) return inside

    const entry = entryTo(group.joinPolicy, { invited: invite !== null, removed })
    if (entry === 'ASK')
      return { groupId: null, request: await askToJoin(ctx, tx, { conversation, group, note: written }) }
    if (entry !== 'JOIN') throw notFound(by.inviteCode ? 'invite' : 'conversation')
    const full = sizeRefusal(conversation.memberCount + 1, ctx.config)
    if (full) throw full
    if (invite) await takeUse(tx.sql, invite.code)
    const { userId } = viewer
    await letIn(ctx, tx, conversation, { userIds: [userId], actorId: userId, event: 'MEMBER_JOINED' })
    return inside
  })
  if (outcome.groupId === null) return { conversation: null, request: outcome.request }
  return { conversation: await requireConversation(ctx, viewer, outcome.groupId), request: null }
}

/** Trying keys counts like turning them; who is in already turns none. */
async function limitJoining(ctx: Context, viewer: Viewer, { groupId }: JoinGroupInput): Promise<void> {
  if (groupId && (await visibleConversation(ctx, viewer, groupId))) return
  const points = ctx.config.limits.joinRequestsPerHour
  await ctx.rateLimits.take([{ name: 'joins', points, seconds: 3_600 }, viewer.userId])
}

/** What somebody stands before who names a group or holds an invite: it is locked first and looked at then. */
async function approach(sql: Sql, viewer: Viewer, { groupId, inviteCode }: JoinGroupInput) {
  const found = inviteCode ? await findInvite(sql, viewer, inviteCode) : null
  if (inviteCode && !found) throw notFound('invite')
  const id = found?.conversationId ?? groupId ?? ''
  const there = await lockGroupForAnyone(sql, viewer.userId, id)
  if (!there) throw notFound(inviteCode ? 'invite' : 'conversation')
  const invite = found && (await findInvite(sql, viewer, found.code))
  const [former] = await sql.query<{ removed: boolean }>(
    `select removed_at_seq is not null as removed from former_member where conversation_id = $1 and user_id = $2`,
    [id, viewer.userId],
  )
  return { ...there, invite: usable(invite), removed: former?.removed ?? false }
}

const usable = (invite: InviteRow | null) => (invite?.usable ? invite : null)
