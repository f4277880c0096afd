import { requireModerator } from '../../account/moderators.ts'
import { type Context, requireViewer } from '../../context.ts'
import { notFound, refuse } from '../../errors.ts'
import { eraseAsModerator } from '../../message/edit/erase.ts'
import { lockAnyMessage, type MessageRow } from '../../message/store.ts'
import type { ReportOutcome } from '../../platform/db/generated/enums.ts'
import { text } from '../../platform/text.ts'
import { check } from '../../platform/validation.ts'
import { type Tx, withTransaction } from '../../transaction.ts'
import { viewerActing } from '../actor.ts'
import { recordAudit } from '../audit.ts'
import { lockUser, suspend } from '../suspension/store.ts'
import { type ReportRow, reportColumns } from './store.ts'

export interface Resolution {
  id: string
  outcome: ReportOutcome
  note?: string | null
}

const noteSchema = text({ min: 0, max: 500 }).nullish()

/** Resolves a report and applies its outcome to the message or its sender, in one transaction. */
export async function resolveReport(ctx: Context, { id, outcome, note }: Resolution): Promise<ReportRow> {
  await requireModerator(ctx)
  const written = check(noteSchema, note, 'input.note') || null

  return withTransaction(ctx, async (tx) => {
    const apply = await prepare(ctx, tx, { id, outcome, note: written })
    const report = await close(ctx, tx, id, outcome)
    await recordAudit(tx.sql, {
      actorId: requireViewer(ctx).userId,
      action: 'resolveReport',
      subject: id,
      detail: { messageId: report.messageId, outcome, ...(written && { note: written }) },
    })
    await apply(report)
    // The recall has just erased the text.
    return outcome === 'MESSAGE_RECALLED' ? { ...report, reportedText: null } : report
  })
}

type ApplyOutcome = (report: ReportRow) => Promise<unknown>

/** Takes the locks that the outcome needs, which come before that of the report, and returns how to apply it. */
async function prepare(ctx: Context, tx: Tx, { id, outcome, note }: Resolution): Promise<ApplyOutcome> {
  const [found] = await tx.sql.query<{ messageId: string; senderId: string }>(
    `select s.id as "messageId", s.sender_id as "senderId" from report r join message s on s.id = r.message_id
     where r.id = $1`,
    [id],
  )
  if (!found) throw notFound('report')
  if (outcome === 'DISMISSED') return async () => {}
  if (outcome === 'USER_SUSPENDED') {
    const user = await lockUser(tx, found.senderId)
    return ({ reason }) =>
      suspend(ctx, tx, viewerActing(ctx), user, {
        until: null,
        reason: note ?? publicReasons[reason],
        reportId: id,
      })
  }
  const { message } = await lockAnyMessage(tx.sql, requireViewer(ctx), found.messageId)
  return () => recallOnce(ctx, tx, message)
}

/** Reason of a suspension when the moderator gives no note; shown to the suspended user. */
const publicReasons: Record<ReportRow['reason'], string> = {
  SPAM: 'A message of yours was reported as spam.',
  ABUSE: 'A message of yours was reported as abuse.',
  ILLEGAL: 'A message of yours was reported as illegal.',
  OTHER: 'A message of yours was reported.',
}

async function recallOnce(ctx: Context, tx: Tx, message: MessageRow): Promise<void> {
  if (!message.recalledAt) await eraseAsModerator(ctx, tx, message)
}

async function close(ctx: Context, tx: Tx, id: string, outcome: ReportOutcome): Promise<ReportRow> {
  const [report] = await tx.sql.query<ReportRow>(
    `update report r set status = 'RESOLVED', outcome = $2::report_outcome, resolved_by_id = $3,
            resolved_at = clock_timestamp()
     where r.id = $1 and r.status = 'OPEN' returning ${reportColumns}`,
    [id, outcome, requireViewer(ctx).userId],
  )
  if (!report) throw refuse('CONFLICT', 'The report is already resolved.')
  return report
}
