import type { Listener } from '../hooks.ts'
import type { Sql } from '../platform/db/sql.ts'
import type { AuditAction } from './actions.ts'
import type { Actor } from './actor.ts'

/** The subject of what concerns the server as a whole. */
export const serverSubject = 'server'

/** What a moderator, the operator or the server did to what belongs to another user. */
export interface AuditRecord {
  /** null is the server itself, or a command of the operator. */
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

/** Records what an actor did, with further details. */
export function recordAct(
  sql: Sql,
  { userId, detail }: Actor,
  action: AuditAction,
  subject: string,
  more: Record<string, unknown> = {},
): Promise<void> {
  const all = { ...detail, ...more }
  const hasDetail = Object.keys(all).length > 0
  return recordAudit(sql, { actorId: userId, action, subject, ...(hasDetail && { detail: all }) })
}

export const recordRecall: Listener<'moderatorRecalled'> = (tx, { moderatorId, messageId, ...detail }) =>
  recordAudit(tx.sql, { actorId: moderatorId, action: 'recallMessage', subject: messageId, detail })
