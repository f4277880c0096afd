import type { Suspicion } from '../message/suspicion.ts'
import { recordAudit } from '../platform/audit.ts'
import type { Sql } from '../platform/db/sql.ts'

/** Puts what looks like spam where moderators look; what they do about it is theirs to decide. */
export function recordSuspicion(sql: Sql, { userId, kind, conversations }: Suspicion): Promise<void> {
  return recordAudit(sql, { actorId: null, action: kind, subject: userId, detail: { conversations } })
}
