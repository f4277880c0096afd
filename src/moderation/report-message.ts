import { type Context, requireViewer } from '../context.ts'
import { contentOf, plainText } from '../message/plain-text.ts'
import { lockMessage } from '../message/store.ts'
import type { ReportReason } from '../platform/db/generated/enums.ts'
import type { Sql } from '../platform/db/sql.ts'
import { withTransaction } from '../platform/db/transaction.ts'
import { newId } from '../platform/ids.ts'
import { text } from '../platform/text.ts'
import { check } from '../platform/validation.ts'
import { reportRefusal } from './policy.ts'

export interface Reporting {
  messageId: string
  reason: ReportReason
  note?: string | null
}

const noteSchema = text({ min: 0, max: 1000 }).nullish()

/** Tells the moderators of a message that the viewer can read; to report it again changes nothing. */
export async function reportMessage(ctx: Context, { messageId, reason, note }: Reporting): Promise<void> {
  const { userId } = requireViewer(ctx)
  const written = check(noteSchema, note, 'note') || null

  if (!(await hasReported(ctx.sql, messageId, userId))) {
    const points = ctx.config.limits.reportsPerHour
    await ctx.rateLimits.take({ name: 'reports', points, seconds: 3_600 }, userId)
  }

  await withTransaction(ctx, async (tx) => {
    // Under the lock: what a recall erases is not kept by a report that came at the same moment.
    const { message } = await lockMessage(tx.sql, ctx, messageId)
    const refusal = reportRefusal(message, userId)
    if (refusal) throw refusal

    const reportedText = message.recalledAt ? null : await plainText(ctx, contentOf(message))
    await tx.sql.query(
      `insert into report (id, message_id, reporter_id, reason, note, reported_text)
       values ($1, $2, $3, $4::report_reason, $5, $6)
       on conflict (message_id, reporter_id) do nothing`,
      [newId(), messageId, userId, reason, written, reportedText],
    )
  })
}

async function hasReported(sql: Sql, messageId: string, userId: string): Promise<boolean> {
  const reports = await sql.query(`select from report where message_id = $1 and reporter_id = $2`, [
    messageId,
    userId,
  ])
  return reports.length > 0
}
