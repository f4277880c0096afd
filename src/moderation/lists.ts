import { isModerator, requireModerator } from '../account/moderators.ts'
import { type Context, requireViewer } from '../context.ts'
import type { ReportStatus } from '../platform/db/generated/enums.ts'
import type { Sql } from '../platform/db/sql.ts'
import type { Connection } from '../platform/graphql/connection.ts'
import { type PageArgs, readForwardPage, timeKey } from '../platform/graphql/page.ts'
import { type AuditAction, actionsKnownTo } from './actions.ts'
import { type ReportRow, reportColumns } from './report/store.ts'

const place = timeKey('r.created_at')

const reportsPage = `
  select ${reportColumns}, ${place} as place from report r
  where r.status = $1::report_status
    and ($2::float8 is null or (r.created_at, r.id) < (to_timestamp($2::float8 / 1000), $3::text))
  order by r.created_at desc, r.id desc limit $4`

/** A report; null for others than moderators. */
export async function readReport(ctx: Context, id: string): Promise<ReportRow | null> {
  if (!(await isModerator(ctx, requireViewer(ctx).userId))) return null
  const [report] = await ctx.sql.query<ReportRow>(`select ${reportColumns} from report r where r.id = $1`, [
    id,
  ])
  return report ?? null
}

/** Reports of one status, newest first. */
export async function listReports(
  ctx: Context,
  args: PageArgs & { status: ReportStatus },
): Promise<Connection<ReportRow>> {
  await requireModerator(ctx)
  return readForwardPage(ctx.config.limits, args, {
    key: ['number', 'string'],
    read: (after, limit) =>
      ctx.sql.query<ReportRow & { place: number }>(reportsPage, [args.status, ...after, limit]),
    keyOf: (row) => [row.place, row.id],
  })
}

export interface AuditEntryRow {
  id: string
  actorId: string | null
  action: AuditAction
  subject: string
  detail: Record<string, unknown> | null
  at: Date
}

const entryColumns = `e.id::text as id, e.actor_id as "actorId", e.action, e.subject, e.detail, e.at`

const auditPage = `
  select ${entryColumns} from audit_entry e
  where ($1::text is null or e.id < $1::bigint) and e.action = any($3::text[]) order by e.id desc limit $2`

/** The newest entries of the audit trail. */
export const readAuditTrail = (sql: Sql, most: number): Promise<AuditEntryRow[]> =>
  sql.query(auditPage, [null, most, actionsKnownTo(null)])

/** The audit trail, newest first. */
export async function listAuditEntries(ctx: Context, args: PageArgs): Promise<Connection<AuditEntryRow>> {
  await requireModerator(ctx)
  const known = actionsKnownTo(ctx.schemaVersion)
  return readForwardPage(ctx.config.limits, args, {
    key: ['number'],
    read: ([after], limit) =>
      ctx.sql.query<AuditEntryRow>(auditPage, [after?.toString() ?? null, limit, known]),
    keyOf: (row) => [Number(row.id)],
  })
}

/** An entry of the audit trail; null for others than moderators. */
export async function readAuditEntry(ctx: Context, id: string): Promise<AuditEntryRow | null> {
  if (!(await isModerator(ctx, requireViewer(ctx).userId))) return null
  if (!/^\d{1,18}$/.test(id)) return null
  const [entry] = await ctx.sql.query<AuditEntryRow>(
    `select ${entryColumns} from audit_entry e where e.id = $1::bigint and e.action = any($2::text[])`,
    [id, actionsKnownTo(ctx.schemaVersion)],
  )
  return entry ?? null
}
