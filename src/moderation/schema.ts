import { UserType } from '../account/refs.ts'
import { builder } from '../platform/graphql/builder.ts'
import { pageArgs } from '../platform/graphql/connection.ts'
import { listAuditEntries, listReports } from './lists.ts'
import {
  AuditEntryConnection,
  ReportConnection,
  ReportOutcomeEnum,
  ReportReasonEnum,
  ReportStatusEnum,
  ReportType,
} from './objects.ts'
import { reportMessage } from './report/report.ts'
import { resolveReport } from './report/resolve.ts'
import { restoreUser } from './suspension/restore.ts'
import { suspendUser } from './suspension/suspend.ts'

builder.queryFields((t) => ({
  reports: t.field({
    type: ReportConnection,
    description: 'Moderators: reports, newest first. FORBIDDEN for everybody else.',
    args: {
      status: t.arg({
        type: ReportStatusEnum,
        defaultValue: 'OPEN',
        description: 'Those that wait, or those that are resolved.',
      }),
      ...pageArgs,
    },
    resolve: (_root, args, ctx) => listReports(ctx, { ...args, status: args.status ?? 'OPEN' }),
  }),
  auditLog: t.field({
    type: AuditEntryConnection,
    description: 'Moderators: who did what to whom, newest first; append-only. FORBIDDEN for everybody else.',
    args: pageArgs,
    resolve: (_root, args, ctx) => listAuditEntries(ctx, args),
  }),
}))

builder.mutationFields((t) => ({
  reportMessage: t.boolean({
    description:
      "Tells the moderators of somebody else's message that I can read. Always true; to report it again changes nothing. Its sender is not told. Refusals: NOT_FOUND, FORBIDDEN for a message of my own or of the system, INVALID_INPUT, RATE_LIMITED.",
    args: {
      messageId: t.arg.id({ required: true, description: 'The id of the message.' }),
      reason: t.arg({ type: ReportReasonEnum, required: true, description: 'What is wrong with it.' }),
      note: t.arg.string({ description: 'What the moderators should know; at most 1,000 code points.' }),
    },
    resolve: async (_root, args, ctx) => {
      await reportMessage(ctx, args)
      return true
    },
  }),
  resolveReport: t.field({
    type: ReportType,
    description:
      'Moderators: closes a report, and does what the outcome says: takes the message back, or suspends its sender until restored. Refusals: FORBIDDEN, also where the sender is a moderator; NOT_FOUND, also where the sender to suspend has left; CONFLICT when it is resolved already.',
    args: {
      id: t.arg.id({ required: true, description: 'The id of the report.' }),
      outcome: t.arg({ type: ReportOutcomeEnum, required: true, description: 'What is done about it.' }),
      note: t.arg.string({
        description:
          'Why, at most 500 code points: for the audit trail, and for somebody who is suspended the reason that they are told.',
      }),
    },
    resolve: (_root, args, ctx) => resolveReport(ctx, args),
  }),
  suspendUser: t.field({
    type: UserType,
    description:
      'Moderators: keeps somebody out. All their sessions end within seconds with SessionEnded(SUSPENDED), and to sign in answers SUSPENDED until the time has come. Their messages, friends and groups stay, and nobody else is told. Done again, the later time and reason are in force. Refusals: FORBIDDEN, also for a moderator and for oneself; NOT_FOUND; INVALID_INPUT.',
    args: {
      userId: t.arg.id({ required: true, description: 'The id of the user.' }),
      until: t.arg({
        type: 'DateTime',
        description: 'When it ends by itself, in the future; null is until restored.',
      }),
      reason: t.arg.string({
        required: true,
        description: 'Why; 1 to 500 code points. The person is told when they try to sign in.',
      }),
    },
    resolve: (_root, args, ctx) => suspendUser(ctx, args),
  }),
  restoreUser: t.field({
    type: UserType,
    description:
      'Moderators: lets a suspended person sign in again; their sessions stay ended. For somebody who is not suspended it changes nothing. Refusals: FORBIDDEN, NOT_FOUND.',
    args: { userId: t.arg.id({ required: true, description: 'The id of the user.' }) },
    resolve: (_root, args, ctx) => restoreUser(ctx, args.userId),
  }),
}))
