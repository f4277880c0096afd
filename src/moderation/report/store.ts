import type { Context } from '../../context.ts'
import type { Listener } from '../../hooks.ts'
import { contentOf, plainText } from '../../message/content/plain-text.ts'
import type { MessageRow } from '../../message/store.ts'
import { columns } from '../../platform/db/columns.ts'
import type { Report } from '../../platform/db/generated/client.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { newId } from '../../platform/ids.ts'

const fields = [
  'id',
  'messageId',
  'reporterId',
  'reason',
  'note',
  'reportedText',
  'status',
  'outcome',
  'resolvedById',
  'resolvedAt',
  'createdAt',
] as const satisfies readonly (keyof Report)[]

export type ReportRow = Pick<Report, (typeof fields)[number]>

export const reportColumns = columns('r', fields)

/** Reporter of automatic reports. No user can have this id. */
export const serverReporterId = 'server'

const insert = `
  insert into report (id, message_id, reporter_id, reason, note, reported_text)
  values ($1, $2, $3, $4::report_reason, $5, $6)
  on conflict (message_id, reporter_id) do nothing`

/** Inserts a report with a copy of the current text. Requires the lock of the message, so that a concurrent recall also erases the copy. */
export async function insertReport(
  ctx: Context,
  sql: Sql,
  message: MessageRow,
  { reporterId, reason, note }: Pick<ReportRow, 'reporterId' | 'reason' | 'note'>,
): Promise<void> {
  const reportedText = message.recalledAt ? null : await plainText(ctx, contentOf(message))
  await sql.query(insert, [newId(), message.id, reporterId, reason, note, reportedText])
}

/** Removes the copy of a recalled text. */
export const deleteReportedText: Listener<'messageErased'> = async (tx, { messageId }) => {
  await tx.sql.query(
    `update report set reported_text = null where message_id = $1 and reported_text is not null`,
    [messageId],
  )
}
