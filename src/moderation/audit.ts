import type { Listener } from '../hooks.ts'
import type { Sql } from '../platform/db/sql.ts'

/** As stored: mostly the name of the mutation. */
export type AuditAction = 'recallMessage' | 'resolveReport' | 'suspendUser' | 'restoreUser' | 'REPEATED_TEXT'

/** What a moderator, or the server, did to what belongs to another user. */
export interface AuditRecord {
  /** null is the server itself. */
  actorId: string | null
  action: AuditAction
  /** The id of what was acted on. */
  subject: string
  /** Never message content: audit entries are never deleted. */
  detail?: Record<string, unknown>
}

/** Adds an entry to the audit trail, which the database keeps append-only, in the transaction of the action. */
export async function recordAudit(
  sql: Sql,
  { actorId, action, subject, detail }: AuditRecord,
): Promise<void> {
  await sql.query(
    `insert into audit_entry (actor_id, action, subject, detail) values ($1, $2, $3, $4::jsonb)`,
    [actorId, action, subject, detail ? JSON.stringify(detail) : null],
  )
}

export const recordRecall: Listener<'moderatorRecalled'> = (tx, { moderatorId, messageId, ...detail }) =>
  recordAudit(tx.sql, { actorId: moderatorId, action: 'recallMessage', subject: messageId, detail })
