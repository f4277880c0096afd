import type { Sql } from './db/sql.ts'

/** Something that somebody did to somebody else's by a right of their own. */
export interface AuditRecord {
  /** null is the server itself. */
  actorId: string | null
  action: string
  /** The id of what it was done to. */
  subject: string
  /** Never what people wrote to each other: nothing is ever taken out of the trail. */
  detail?: Record<string, unknown>
}

/** Writes a line into the trail, which the database holds to be append-only, in the transaction of the deed. */
export async function recordAudit(
  sql: Sql,
  { actorId, action, subject, detail }: AuditRecord,
): Promise<void> {
  await sql.query(
    `insert into audit_entry (actor_id, action, subject, detail) values ($1, $2, $3, $4::jsonb)`,
    [actorId, action, subject, detail ? JSON.stringify(detail) : null],
  )
}
