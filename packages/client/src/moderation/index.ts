import {
  AuditLog,
  type AuditLogQuery,
  type ReportOutcome,
  type ReportStatus,
  Reports,
  type ReportsQuery,
  ResolveReport,
  RestoreUser,
  SuspendUser,
  type SuspendUserInput,
} from '../generated/documents.ts'
import type { Perform } from '../transport/perform.ts'

export type ReportPage = NonNullable<ReportsQuery['reports']>
export type Report = ReportPage['nodes'][number]
export type AuditPage = NonNullable<AuditLogQuery['auditLog']>
export type AuditEntry = AuditPage['nodes'][number]

/** For moderators; the server refuses all others with FORBIDDEN. */
export interface ModerationActions {
  reports(status: ReportStatus, after?: string | null): Promise<ReportPage>
  resolve(reportId: string, outcome: ReportOutcome, note?: string): Promise<void>
  suspend(input: SuspendUserInput): Promise<void>
  restore(userId: string): Promise<void>
  auditLog(after?: string | null): Promise<AuditPage>
}

const noPage = { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } }

/** Reports, suspensions and the audit trail. */
export function moderationOf({ query }: { query: Perform }): ModerationActions {
  return {
    reports: async (status, after) => (await query(Reports, { status, after })).reports ?? noPage,
    async resolve(reportId, outcome, note) {
      await query(ResolveReport, { input: { reportId, outcome, note } })
    },
    async suspend(input) {
      await query(SuspendUser, { input })
    },
    async restore(userId) {
      await query(RestoreUser, { input: { userId } })
    },
    auditLog: async (after) => (await query(AuditLog, { after })).auditLog ?? noPage,
  }
}
