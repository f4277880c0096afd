import { lockAccount } from '../../account/store.ts'
import { requireViewer } from '../../context.ts'
import type { Listener } from '../../hooks.ts'
import { lockAnyMessage } from '../../message/store.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { withTransaction } from '../../transaction.ts'
import { recordAudit } from '../audit.ts'
import { insertReport, serverReporterId } from './store.ts'

const reportedLately = `
  select from report r join message s on s.id = r.message_id
  where r.reporter_id = $1 and s.sender_id = $2 and r.created_at > clock_timestamp() - interval '10 minutes' limit 1`

/**
 * Reports a message that looks like spam in the name of the server. Moderators decide. One burst makes one report,
 * also when several servers detect it.
 */
export const reportSpam: Listener<'spamSuspected'> = (ctx, { userId, kind, messageId, conversations }) => {
  const { db, hooks } = ctx
  // With loaders of its own: the request that detected it continues with what it has loaded.
  return withTransaction({ db, hooks }, async (tx) => {
    await lockAccount(tx.sql, userId)
    if (await isReported(tx.sql, userId)) return
    const { message } = await lockAnyMessage(tx.sql, requireViewer(ctx), messageId)
    await insertReport(ctx, tx.sql, message, {
      reporterId: serverReporterId,
      reason: 'SPAM',
      note: `The same text went to ${conversations} conversations within minutes.`,
    })
    const detail = { conversations, messageId }
    await recordAudit(tx.sql, { actorId: null, action: kind, subject: userId, detail })
  })
}

async function isReported(sql: Sql, userId: string): Promise<boolean> {
  return (await sql.query(reportedLately, [serverReporterId, userId])).length > 0
}
