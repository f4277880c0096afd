import { UserType } from '../account/refs.ts'
import { loadUser } from '../account/store.ts'
import type { Context } from '../context.ts'
import { MessageType } from '../message/refs.ts'
import { loadMessage } from '../message/store.ts'
import { builder } from '../platform/graphql/builder.ts'
import { defineConnection } from '../platform/graphql/connection.ts'
import { defineDerivedNode, defineRowNode, derivedId, NodeInterface } from '../platform/graphql/node.ts'
import { auditActions } from './actions.ts'
import { type AuditEntryRow, readAuditEntry, readReport } from './lists.ts'
import { type ReportRow, serverReporterId } from './report/store.ts'

export const ReportReasonEnum = builder.enumType('ReportReason', {
  description: 'Why a message was reported.',
  values: {
    SPAM: { description: 'Advertising or repeated messages.' },
    ABUSE: { description: 'Insults, threats or harassment.' },
    ILLEGAL: { description: 'Illegal content.' },
    OTHER: { description: 'Another reason, given in the note.' },
  } as const,
})

export const ReportStatusEnum = builder.enumType('ReportStatus', {
  description: 'State of a report.',
  values: {
    OPEN: { description: 'Waits for a moderator.' },
    RESOLVED: { description: 'Resolved by a moderator.' },
  } as const,
})

export const ReportOutcomeEnum = builder.enumType('ReportOutcome', {
  description: 'How a moderator resolved a report.',
  values: {
    DISMISSED: { description: 'No action.' },
    MESSAGE_RECALLED: { description: 'The message was recalled, unless it was before.' },
    USER_SUSPENDED: { description: 'The sender was suspended until restored.' },
  } as const,
})

/** A user who exists or existed: a deleted account keeps its row. */
async function requireUser(ctx: Context, userId: string) {
  const user = await loadUser(ctx, userId)
  if (!user) throw new Error(`User ${userId} does not exist.`)
  return user
}

export const ReportType = builder.objectRef<ReportRow>('Report').implement({
  description: 'A message reported to the moderators, by a user or by the server.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Id of the report.' }),
    message: t.field({
      type: MessageType,
      description:
        'Current state of the message, with its media. Moderators read it through the report only; its quote and conversation are readable for members only.',
      resolve: async ({ messageId }, _args, ctx) => {
        const message = await loadMessage(ctx, messageId)
        if (!message) throw new Error(`The reported message ${messageId} does not exist.`)
        return message
      },
    }),
    reportedText: t.exposeString('reportedText', {
      nullable: true,
      description: 'plainText of the message when it was reported, also after an edit; null after a recall.',
    }),
    reporter: t.field({
      type: UserType,
      nullable: true,
      description: 'User who reported it; null if the server did, see automatic.',
      resolve: ({ reporterId }, _args, ctx) =>
        reporterId === serverReporterId ? null : requireUser(ctx, reporterId),
    }),
    automatic: t.boolean({
      description:
        'Whether the server reported it: the sender sent the same text to many conversations. The message is one of them, and the note gives their number.',
      resolve: ({ reporterId }) => reporterId === serverReporterId,
    }),
    reason: t.expose('reason', { type: ReportReasonEnum, description: 'Reason given by the reporter.' }),
    note: t.exposeString('note', {
      nullable: true,
      description: 'Note of the reporter; null when there is none.',
    }),
    status: t.expose('status', { type: ReportStatusEnum, description: 'State of the report.' }),
    outcome: t.expose('outcome', {
      type: ReportOutcomeEnum,
      nullable: true,
      description: 'How it was resolved; null while it is open.',
    }),
    resolvedBy: t.field({
      type: UserType,
      nullable: true,
      description: 'Moderator who resolved it; null while it is open.',
      resolve: ({ resolvedById }, _args, ctx) => (resolvedById ? requireUser(ctx, resolvedById) : null),
    }),
    resolvedAt: t.expose('resolvedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was resolved; null while it is open.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was reported.' }),
  }),
})

defineRowNode('report', { type: ReportType.name, read: readReport })

export const ReportConnection = defineConnection('Report', () => ReportType, 'reports')

const AuditActionEnum = builder.enumType('AuditAction', {
  description: 'An action that the audit trail records.',
  values: auditActions,
})

const AuditEntryType = builder.objectRef<AuditEntryRow>('AuditEntry').implement({
  description: 'Record of an action of a moderator, the operator or the server. Never changed or deleted.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    id: t.id({ description: 'Id of the entry.', resolve: ({ id }) => derivedId('audit', id) }),
    actor: t.field({
      type: UserType,
      nullable: true,
      description: 'Moderator who acted; null for the server, and for the operator, whom `detail` names.',
      resolve: ({ actorId }, _args, ctx) => (actorId ? requireUser(ctx, actorId) : null),
    }),
    action: t.expose('action', {
      type: AuditActionEnum,
      description: 'What was done, or what the server detected.',
    }),
    subject: t.exposeID('subject', {
      description:
        'Id of the user, conversation, message or report concerned; `server` for the server as a whole.',
    }),
    detail: t.expose('detail', {
      type: 'JSONObject',
      nullable: true,
      description:
        'Details, such as reason, until and outcome; never the content of a message. null when there are none.',
    }),
    at: t.expose('at', { type: 'DateTime', description: 'Time of the action.' }),
  }),
})

defineDerivedNode('audit', { type: AuditEntryType.name, read: readAuditEntry })

export const AuditEntryConnection = defineConnection('AuditEntry', () => AuditEntryType, 'audit entries')
