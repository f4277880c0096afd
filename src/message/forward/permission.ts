import { viewerLimitKeys } from '../../auth/limit-viewer.ts'
import { type Context, requireViewer } from '../../context.ts'
import { notFound, type Refusal, refuse } from '../../errors.ts'
import { slowModeRefusal } from '../../group/policy.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { comparableText } from '../content/read.ts'
import { loadSendPermissions, markSent, sendRefusal } from '../send/permission.ts'
import { reportRepetition } from '../send/spam-report.ts'
import type { MessageRow } from '../store.ts'
import type { CopyOf } from './copy.ts'
import type { PlannedMessage, PlannedTarget } from './plan.ts'

/** The conversations among these of which the viewer is a member. */
export async function joinedAmong(ctx: Context, sql: Sql, ids: string[]): Promise<Set<string>> {
  const rows = await sql.query<{ id: string }>(
    `select conversation_id as id from membership where user_id = $1 and conversation_id = any($2::text[])`,
    [requireViewer(ctx).userId, ids],
  )
  return new Set(rows.map((row) => row.id))
}

export function assertMember(joined: Set<string>, sourceId: string, targets: PlannedTarget[]): void {
  if (!joined.has(sourceId)) throw notFound('conversation')
  for (const { conversationId, path } of targets)
    if (!joined.has(conversationId)) throw ofTarget(notFound('conversation'), path)
}

/** Applies the rules of sending to every message for every target. Requires the targets' locks. */
export async function assertPermitted(ctx: Context, sql: Sql, targets: PlannedTarget[]): Promise<void> {
  const { userId: senderId } = requireViewer(ctx)
  const pairs = targets.map(({ conversationId }) => ({ conversationId, senderId }))
  const permissionOf = await loadSendPermissions(sql, pairs)
  for (const { conversationId, path, messages } of targets)
    for (const _message of messages) {
      const permission = permissionOf({ conversationId, senderId })
      const refusal = sendRefusal(permission, ctx.config) ?? (permission ? slowModeRefusal(permission) : null)
      if (refusal) throw ofTarget(refusal, path)
      if (permission) markSent(permission)
    }
}

/** The refusal with the target that it concerns. */
const ofTarget = ({ code, message, details }: Refusal, path: string) =>
  refuse(code, message, { ...details, issues: [{ path, message }] })

/**
 * Counts every copy as a send; last, so that a forward that is refused anyway is not counted. Call the result with the
 * messages once they are stored.
 */
export function assertNotTooFast(
  ctx: Context,
  planned: PlannedMessage[],
  copyOf: CopyOf,
): (stored: MessageRow[]) => void {
  const tooFast = ctx.messages.limits.paceRefusal(viewerLimitKeys(ctx), planned.length)
  if (tooFast) throw tooFast
  const { userId: senderId } = requireViewer(ctx)
  // A forward is delayed as a whole, so the first result decides; the other calls count the conversations.
  const repetitions = planned.map((message) =>
    ctx.messages.limits.repetition(senderId, message.conversationId, comparableText(copyOf(message))),
  )
  const [first] = repetitions
  if (first?.refusal) throw first.refusal
  return (stored) => {
    for (const [place, message] of stored.entries())
      reportRepetition(ctx, repetitions[place] ?? null, message)
  }
}
