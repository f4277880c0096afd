import { type Context, requireViewer } from '../../context.ts'
import { lockMessage, type MessageRow } from '../../message/store.ts'
import type { ReportReason } from '../../platform/db/generated/enums.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { text } from '../../platform/text.ts'
import { check } from '../../platform/validation.ts'
import { withTransaction } from '../../transaction.ts'
import { reportRefusal } from '../policy.ts'
import { insertReport } from './store.ts'

export interface NewReport {
  messageId: string
  reason: ReportReason
  note?: string | null
}

const noteSchema = text({ min: 0, max: 1000 }).nullish()

/** Reports a message that the viewer can read, and returns it. Idempotent. */
export async function reportMessage(
  ctx: Context,
  { messageId, reason, note }: NewReport,
): Promise<MessageRow> {
  const { userId } = requireViewer(ctx)
  const written = check(noteSchema, note, 'input.note') || null

  if (!(await hasReported(ctx.sql, messageId, userId))) {
    const points = ctx.config.limits.reportsPerHour
    await ctx.rateLimits.consume([{ name: 'reports', points, seconds: 3_600 }, userId])
  }

  return withTransaction(ctx, async (tx) => {
    const { message } = await lockMessage(tx.sql, ctx, messageId, (_sql, found) => {
      const refusal = reportRefusal(found.message, userId)
      if (refusal) throw refusal
    })
    await insertReport(ctx, tx.sql, message, { reporterId: userId, reason, note: written })
    return message
  })
}

async function hasReported(sql: Sql, messageId: string, userId: string): Promise<boolean> {
  const reports = await sql.query(`select from report where message_id = $1 and reporter_id = $2`, [
    messageId,
    userId,
  ])
  return reports.length > 0
}
