import { lockAccount } from '../../account/store.ts'
import { type Context, requireViewer, type Viewer } from '../../context.ts'
import {
  type ConversationRow,
  lockConversationRow,
  requireConversation,
  visibleConversation,
} from '../../conversation/store.ts'
import { notFound } from '../../errors.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { withTransaction } from '../../platform/db/transaction.ts'
import { text } from '../../platform/text.ts'
import { check } from '../../platform/validation.ts'
import { countUse, findInvite, type InviteRow } from '../invite-store.ts'
import { findPendingJoinRequest, type JoinRequestRow } from '../join-request-store.ts'
import { addMembers } from '../membership/addition.ts'
import { joinOutcome, sizeRefusal } from '../policy.ts'
import { type GroupRow, readGroupForAnyone } from '../store.ts'
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
  const outcome = await withTransaction(ctx, async (tx): Promise<Outcome> => {
    // The first of all locks: an account that ends takes its memberships and requests along.
    await lockAccount(tx.sql, viewer.userId)
    const check = () => approach(ctx, tx.sql, viewer, by)
    const before = await check()
    if ('outcome' in before) return before.outcome
    await lockConversationRow(tx.sql, before.conversation.id)
    const door = await check()
    if ('outcome' in door) return door.outcome

    const { conversation, group, invite, entry } = door
    if (entry === 'ASK')
      return { groupId: null, request: await askToJoin(ctx, tx, { conversation, group, note: written }) }
    if (invite) await countUse(tx.sql, invite.code)
    const { userId } = viewer
    await addMembers(ctx, tx, conversation, { userIds: [userId], actorId: userId, event: 'MEMBER_JOINED' })
    return { groupId: conversation.id, request: null }
  })
  if (outcome.groupId === null) return { conversation: null, request: outcome.request }
  return { conversation: await requireConversation(ctx, viewer, outcome.groupId), request: null }
}

/** Trying keys counts like turning them; who is in already turns none. */
async function limitJoining(ctx: Context, viewer: Viewer, { groupId }: JoinGroupInput): Promise<void> {
  if (groupId && (await visibleConversation(ctx, viewer, groupId))) return
  const points = ctx.config.limits.joinRequestsPerHour
  await ctx.rateLimits.consume([{ name: 'joins', points, seconds: 3_600 }, viewer.userId])
}

interface Outcome {
  groupId: string | null
  request: JoinRequestRow | null
}

/** The group as the viewer comes to it: an outcome when nothing is to be done, or how the viewer gets in. */
type Approach =
  | { outcome: Outcome }
  | { conversation: ConversationRow; group: GroupRow; invite: InviteRow | null; entry: 'JOIN' | 'ASK' }

async function approach(
  ctx: Context,
  sql: Sql,
  viewer: Viewer,
  { groupId, inviteCode }: JoinGroupInput,
): Promise<Approach> {
  const found = inviteCode ? await findInvite(sql, viewer, inviteCode) : null
  const missing = notFound(inviteCode ? 'invite' : 'conversation')
  const there = await readGroupForAnyone(sql, viewer.userId, found?.conversationId ?? groupId ?? '')
  if (!there || (inviteCode && !found)) throw missing
  const { conversation, group, membership } = there
  if (membership) return { outcome: { groupId: conversation.id, request: null } }

  const invite = usable(found)
  const removed = await wasRemoved(sql, viewer, conversation.id)
  const entry = joinOutcome(group.joinPolicy, { invited: invite !== null, removed })
  if (entry === null) throw missing
  const request = entry === 'ASK' ? await findPendingJoinRequest(sql, viewer, conversation.id) : null
  if (request) return { outcome: { groupId: null, request } }
  const full = entry === 'JOIN' ? sizeRefusal(conversation.memberCount + 1, ctx.config) : null
  if (full) throw full
  return { conversation, group, invite, entry }
}

async function wasRemoved(sql: Sql, viewer: Viewer, groupId: string): Promise<boolean> {
  const [former] = await sql.query<{ removed: boolean }>(
    `select removed_at_seq is not null as removed from former_member where conversation_id = $1 and user_id = $2`,
    [groupId, viewer.userId],
  )
  return former?.removed ?? false
}

const usable = (invite: InviteRow | null) => (invite?.usable ? invite : null)
