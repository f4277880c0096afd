import { lockAccount } from '../../account/store.ts'
import { type Context, requireViewer, type Viewer } from '../../context.ts'
import { lockConversationRow } from '../../conversation/lock.ts'
import { type ConversationRow, requireConversation, visibleConversation } from '../../conversation/store.ts'
import { notFound } from '../../errors.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { text } from '../../platform/text.ts'
import { check } from '../../platform/validation.ts'
import { withTransaction } from '../../transaction.ts'
import { countUse, findInvite, type InviteRow } from '../invite-store.ts'
import { findPendingJoinRequest, type JoinRequestRow } from '../join-request-store.ts'
import { addMembers } from '../membership/addition.ts'
import { joinOutcome, sizeRefusal } from '../policy.ts'
import { type GroupRow, readGroupForAnyone } from '../store.ts'
import { askToJoin } from './ask.ts'

/** Exactly one of these, by `@oneOf`. */
export interface JoinTargetChoice {
  groupId?: string | null
  inviteCode?: string | null
}

export interface JoinGroupResult {
  conversation: ConversationRow | null
  request: JoinRequestRow | null
}

const noteSchema = text({ min: 0, max: 200 }).nullish()

/** Adds the viewer or creates a join request, as the invite and the group's join policy say. Idempotent. */
export async function joinGroup(
  ctx: Context,
  by: JoinTargetChoice,
  note?: string | null,
): Promise<JoinGroupResult> {
  const viewer = requireViewer(ctx)
  const written = check(noteSchema, note, 'input.note') || null
  await limitJoining(ctx, viewer, by)
  const result = await withTransaction(ctx, async (tx): Promise<Joined> => {
    // First in the order of locks: a deleted account loses its memberships and requests in the same order.
    await lockAccount(tx.sql, viewer.userId)
    const load = () => loadJoinTarget(ctx, tx.sql, viewer, by)
    const before = await load()
    if ('result' in before) return before.result
    await lockConversationRow(tx.sql, before.conversation.id)
    const target = await load()
    if ('result' in target) return target.result

    const { conversation, group, invite, outcome } = target
    if (outcome === 'ASK')
      return { groupId: null, request: await askToJoin(ctx, tx, { conversation, group, note: written }) }
    if (invite) await countUse(tx.sql, invite.code)
    const { userId } = viewer
    const [request] = await addMembers(ctx, tx, conversation, {
      userIds: [userId],
      actorId: userId,
      event: 'MEMBER_JOINED',
      change: invite ? { via: 'INVITE', inviter_id: invite.inviterId } : { via: 'OPEN' },
    })
    return { groupId: conversation.id, request: request ?? null }
  })
  const { groupId, request } = result
  return { conversation: groupId === null ? null : await requireConversation(ctx, viewer, groupId), request }
}

/** Failed attempts count too, so that codes cannot be guessed; repeating a join that succeeded does not. */
async function limitJoining(ctx: Context, viewer: Viewer, { groupId }: JoinTargetChoice): Promise<void> {
  if (groupId && (await visibleConversation(ctx, viewer, groupId))) return
  const points = ctx.config.limits.joinRequestsPerHour
  await ctx.rateLimits.consume([{ name: 'joins', points, seconds: 3_600 }, viewer.userId])
}

interface Joined {
  groupId: string | null
  request: JoinRequestRow | null
}

/** The result when there is nothing to do, or the group and how the viewer joins it. */
type JoinTarget =
  | { result: Joined }
  | { conversation: ConversationRow; group: GroupRow; invite: InviteRow | null; outcome: 'JOIN' | 'ASK' }

async function loadJoinTarget(
  ctx: Context,
  sql: Sql,
  viewer: Viewer,
  { groupId, inviteCode }: JoinTargetChoice,
): Promise<JoinTarget> {
  const given = inviteCode ? await findInvite(sql, viewer, inviteCode) : null
  const missing = notFound(inviteCode ? 'invite' : 'conversation')
  const found = await readGroupForAnyone(sql, viewer.userId, given?.conversationId ?? groupId ?? '')
  if (!found || (inviteCode && !given)) throw missing
  const { conversation, group, membership } = found
  if (membership) return { result: { groupId: conversation.id, request: null } }

  const invite = given?.usable ? given : null
  const removed = await wasRemoved(sql, viewer, conversation.id)
  const outcome = joinOutcome(group.joinPolicy, { invited: invite !== null, removed })
  if (outcome === null) throw missing
  const request = outcome === 'ASK' ? await findPendingJoinRequest(sql, viewer, conversation.id) : null
  if (request) return { result: { groupId: null, request } }
  const full = outcome === 'JOIN' ? sizeRefusal(conversation.memberCount + 1, ctx.config) : null
  if (full) throw full
  return { conversation, group, invite, outcome }
}

async function wasRemoved(sql: Sql, viewer: Viewer, groupId: string): Promise<boolean> {
  const [former] = await sql.query<{ removed: boolean }>(
    `select removed_at_seq is not null as removed from former_member where conversation_id = $1 and user_id = $2`,
    [groupId, viewer.userId],
  )
  return former?.removed ?? false
}
