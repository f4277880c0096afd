import type { ForgetMessage } from '../message/take-back.ts'
import type { ReportOutcome, ReportReason, ReportStatus } from '../platform/db/generated/enums.ts'

export interface ReportRow {
  id: string
  messageId: string
  reporterId: string
  reason: ReportReason
  note: string | null
  /** null once the message was recalled. */
  reportedText: string | null
  status: ReportStatus
  outcome: ReportOutcome | null
  resolvedById: string | null
  resolvedAt: Date | null
  createdAt: Date
}

export const reportColumns = `r.id, r.message_id as "messageId", r.reporter_id as "reporterId", r.reason::text as reason,
  r.note, r.reported_text as "reportedText", r.status::text as status, r.outcome::text as outcome,
  r.resolved_by_id as "resolvedById", r.resolved_at as "resolvedAt", r.created_at as "createdAt"`

/** A recall leaves nothing of the content, here neither. */
export const forgetReportedText: ForgetMessage = async (tx, messageId) => {
  await tx.sql.query(
    `update report set reported_text = null where message_id = $1 and reported_text is not null`,
    [messageId],
  )
}
