import { UserType } from '../account/refs.ts'
import { loadUser } from '../account/store.ts'
import type { Context } from '../context.ts'
import { MessageType } from '../message/refs.ts'
import { loadMessage } from '../message/store.ts'
import { builder } from '../platform/graphql/builder.ts'
import { defineConnection } from '../platform/graphql/connection.ts'
import type { AuditEntryRow } from './lists.ts'
import { type ReportRow, serverReporter } from './report/store.ts'

export const ReportReasonEnum = builder.enumType('ReportReason', {
  description: 'What is wrong with a message.',
  values: {
    SPAM: { description: 'Advertising, or the same again and again.' },
    ABUSE: { description: 'It insults, threatens or harasses.' },
    ILLEGAL: { description: 'It is against the law.' },
    OTHER: { description: 'Something else; the note says what.' },
  } as const,
})

export const ReportStatusEnum = builder.enumType('ReportStatus', {
  description: 'Whether a report still waits for a moderator.',
  values: {
    OPEN: { description: 'No moderator has resolved it.' },
    RESOLVED: { description: 'A moderator has resolved it.' },
  } as const,
})

export const ReportOutcomeEnum = builder.enumType('ReportOutcome', {
  description: 'What a moderator did about a report.',
  values: {
    DISMISSED: { description: 'Nothing.' },
    MESSAGE_RECALLED: { description: 'The message was taken back, if it had not been before.' },
    USER_SUSPENDED: { description: 'Its sender was suspended until restored.' },
  } as const,
})

/** Somebody who was there: what is left of an account that is gone has its id, too. */
async function requireUser(ctx: Context, userId: string) {
  const user = await loadUser(ctx, userId)
  if (!user) throw new Error(`There never was a user ${userId}.`)
  return user
}

export const ReportType = builder.objectRef<ReportRow>('Report').implement({
  description: 'A message that somebody, or the server itself, told the moderators of.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Names the report for resolveReport.' }),
    message: t.field({
      type: MessageType,
      description:
        'The message as it is now, readable to moderators by the report alone, with its media: what it quotes and the conversation that it stands in are not, unless they are in it.',
      resolve: async ({ messageId }, _args, ctx) => {
        const message = await loadMessage(ctx, messageId)
        if (!message) throw new Error(`The reported message ${messageId} is gone.`)
        return message
      },
    }),
    reportedText: t.exposeString('reportedText', {
      nullable: true,
      description:
        "The message's plainText when it was reported, whatever it was edited to since; null once it was recalled, for a recall leaves nothing.",
    }),
    reporter: t.field({
      type: UserType,
      description:
        'Who reported it; where the server did so itself, nobody whom one could meet: see automatic.',
      resolve: ({ reporterId }, _args, ctx) =>
        reporterId === serverReporter.id ? serverReporter : requireUser(ctx, reporterId),
    }),
    automatic: t.boolean({
      description:
        'The server noticed it by itself: its sender sent the same text to many. The note says to how many; this message is one of them.',
      resolve: ({ reporterId }) => reporterId === serverReporter.id,
    }),
    reason: t.expose('reason', { type: ReportReasonEnum, description: 'What the reporter found wrong.' }),
    note: t.exposeString('note', {
      nullable: true,
      description: "The reporter's own words; null when there are none.",
    }),
    status: t.expose('status', { type: ReportStatusEnum, description: 'Whether it still waits.' }),
    outcome: t.expose('outcome', {
      type: ReportOutcomeEnum,
      nullable: true,
      description: 'What was done about it; null while it is open.',
    }),
    resolvedBy: t.field({
      type: UserType,
      nullable: true,
      description: 'The moderator who resolved it; null while it is open.',
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

export const ReportConnection = defineConnection('Report', () => ReportType, 'reports')

const AuditEntryType = builder.objectRef<AuditEntryRow>('AuditEntry').implement({
  description: 'One thing that a moderator did. It is never changed or deleted.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Grows with every entry.' }),
    actor: t.field({
      type: UserType,
      nullable: true,
      description: 'Who did it; null when the server did.',
      resolve: ({ actorId }, _args, ctx) => (actorId ? requireUser(ctx, actorId) : null),
    }),
    action: t.exposeString('action', {
      description:
        'The mutation, such as suspendUser, restoreUser, recallMessage or resolveReport; or what the server noticed by itself, such as REPEATED_TEXT.',
    }),
    subject: t.exposeString('subject', {
      description: 'The id of the user, message or report that it was done to.',
    }),
    detail: t.expose('detail', {
      type: 'JSONObject',
      nullable: true,
      description: 'What else is to be known, such as reason, until and outcome; never what a message said.',
    }),
    at: t.expose('at', { type: 'DateTime', description: "When, by the database's clock." }),
  }),
})

export const AuditEntryConnection = defineConnection('AuditEntry', () => AuditEntryType, 'audit entries')
