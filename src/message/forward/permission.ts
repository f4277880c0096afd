import { viewerLimitKeys } from '../../auth/limit-viewer.ts'
import { type Context, requireViewer } from '../../context.ts'
import { notFound, Refusal } from '../../errors.ts'
import { slowModeRefusal } from '../../group/policy.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { comparableText } from '../content/read.ts'
import { loadSendPermissions, markSent, sendRefusal } from '../send/permission.ts'
import { reportRepetition } from '../send/spam-report.ts'
import type { MessageRow } from '../store.ts'
import type { CopyOf } from './copy.ts'
import type { PlannedMessage, PlannedTarget } from './plan.ts'

/** Those of these conversations that the viewer is in. */
export async function joinedAmong(ctx: Context, sql: Sql, ids: string[]): Promise<Set<string>> {
  const rows = await sql.query<{ id: string }>(
    `select conversation_id as id from membership where user_id = $1 and conversation_id = any($2::text[])`,
    [requireViewer(ctx).userId, ids],
  )
  return new Set(rows.map((row) => row.id))
}

export function assertInside(joined: Set<string>, sourceId: string, targets: PlannedTarget[]): void {
  if (!joined.has(sourceId)) throw notFound('conversation')
  for (const { conversationId, path } of targets)
    if (!joined.has(conversationId)) throw ofTarget(notFound('conversation'), conversationId, path)
}

/** To forward is to send: every target must take it, as many messages as there are. Needs their locks. */
export async function assertPermitted(ctx: Context, sql: Sql, targets: PlannedTarget[]): Promise<void> {
  const { userId: senderId } = requireViewer(ctx)
  const pairs = targets.map(({ conversationId }) => ({ conversationId, senderId }))
  const factsFor = await loadSendPermissions(sql, pairs)
  for (const { conversationId, path, messages } of targets)
    for (const _message of messages) {
      const facts = factsFor({ conversationId, senderId })
      const refusal = sendRefusal(facts, ctx.config) ?? (facts ? slowModeRefusal(facts) : null)
      if (refusal) throw ofTarget(refusal, conversationId, path)
      if (facts) markSent(facts)
    }
}

/** The refusal, and which of the targets it is about. */
function ofTarget({ code, message, details }: Refusal, conversationId: string, path: string): Refusal {
  return new Refusal(code, message, { ...details, target: { conversationId, path } })
}

/**
 * Every copy counts as a send. Asked last: what is refused anyway takes nothing of what somebody may send. What it returns
 * is to be called with the messages once they are stored.
 */
export function assertNotTooFast(
  ctx: Context,
  planned: PlannedMessage[],
  copyOf: CopyOf,
): (stored: MessageRow[]) => void {
  const tooFast = ctx.messages.limits.paceRefusal(viewerLimitKeys(ctx), planned.length)
  if (tooFast) throw tooFast
  const { userId: senderId } = requireViewer(ctx)
  // A forward waits whole or not at all, so one answer counts; the others are told what goes where.
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
