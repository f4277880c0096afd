import { requireModerator } from '../account/moderators.ts'
import { meField, userField } from '../account/payload.ts'
import { conversationField } from '../conversation/payload.ts'
import { MessageType } from '../message/refs.ts'
import { loadMessage } from '../message/store.ts'
import { builder } from '../platform/graphql/builder.ts'
import { pageArgs } from '../platform/graphql/connection.ts'
import { defineMutation, inputOf } from '../platform/graphql/mutation.ts'
import { viewerActing } from './actor.ts'
import { inspectAsModerator, inspectedMax } from './conversation/inspect.ts'
import { listAuditEntries, listReports } from './lists.ts'
import {
  AuditEntryConnection,
  ReportConnection,
  ReportOutcomeEnum,
  ReportReasonEnum,
  ReportStatusEnum,
  ReportType,
} from './objects.ts'
import { endSessionsAsModerator } from './people/end-sessions.ts'
import { reportMessage } from './report/report.ts'
import { resolveReport } from './report/resolve.ts'
import { restoreUser } from './suspension/restore.ts'
import { suspendUser } from './suspension/suspend.ts'

builder.queryFields((t) => ({
  reports: t.field({
    errors: ['FORBIDDEN'],
    nullable: true,
    type: ReportConnection,
    description: 'Reports, newest first. Only for moderators, else FORBIDDEN.',
    args: {
      status: t.arg({
        type: ReportStatusEnum,
        defaultValue: 'OPEN',
        description: 'Only reports of this status.',
      }),
      ...pageArgs,
    },
    resolve: (_root, args, ctx) => listReports(ctx, { ...args, status: args.status ?? 'OPEN' }),
  }),
  auditLog: t.field({
    errors: ['FORBIDDEN'],
    nullable: true,
    type: AuditEntryConnection,
    description: 'The append-only audit trail, newest first. Only for moderators, else FORBIDDEN.',
    args: pageArgs,
    resolve: (_root, args, ctx) => listAuditEntries(ctx, args),
  }),
}))

defineMutation('reportMessage', {
  description:
    'Reports a message to the moderators. The sender is not notified. Idempotent. Errors: NOT_FOUND for a message that the viewer cannot read; FORBIDDEN for a message of the viewer or a system message; INVALID_INPUT; RATE_LIMITED for too many reports in an hour.',
  errors: ['NOT_FOUND', 'FORBIDDEN', 'INVALID_INPUT', 'RATE_LIMITED'],
  input: inputOf('reportMessage', (t) => ({
    messageId: t.id({ required: true, description: 'Id of the message.' }),
    reason: t.field({ type: ReportReasonEnum, required: true, description: 'Reason of the report.' }),
    note: t.string({ description: 'Note to the moderators, at most 1,000 code points.' }),
  })),
  resolve: async (input, ctx) => ({ message: await reportMessage(ctx, input) }),
  payload: (t) => ({
    message: t.expose('message', { type: MessageType, description: 'The reported message.' }),
  }),
})

defineMutation('resolveReport', {
  description:
    'Resolves a report and applies its outcome: recalls the message, or suspends its sender until restored. Only for moderators, else FORBIDDEN. Errors: FORBIDDEN when the sender to suspend is a moderator; NOT_FOUND, also when the account of the sender to suspend is deleted; CONFLICT when the report is already resolved; INVALID_INPUT.',
  errors: ['FORBIDDEN', 'NOT_FOUND', 'CONFLICT', 'INVALID_INPUT'],
  input: inputOf('resolveReport', (t) => ({
    reportId: t.id({ required: true, description: 'Id of the report.' }),
    outcome: t.field({ type: ReportOutcomeEnum, required: true, description: 'How to resolve it.' }),
    note: t.string({
      description:
        'Note for the audit trail, at most 500 code points. With USER_SUSPENDED also the reason shown to the user.',
    }),
  })),
  resolve: async ({ reportId, ...resolution }, ctx) => {
    const report = await resolveReport(ctx, { id: reportId, ...resolution })
    return { report, conversationId: (await loadMessage(ctx, report.messageId))?.conversationId ?? '' }
  },
  payload: (t) => ({
    report: t.expose('report', {
      type: ReportType,
      description: 'The report after the change; its message is recalled with MESSAGE_RECALLED.',
    }),
    conversation: conversationField(t),
    me: meField(t),
  }),
})

const userId = { required: true, description: 'Id of the user.' } as const

defineMutation('suspendUser', {
  description:
    'Suspends a user. All their sessions end within seconds with SessionEnded(SUSPENDED), and signing in is rejected with SUSPENDED until the suspension ends. Their messages, friends and groups stay, and other users are not notified. A repeated call replaces time and reason. Only for moderators, else FORBIDDEN. Errors: FORBIDDEN for the viewer and other moderators; NOT_FOUND; INVALID_INPUT.',
  errors: ['FORBIDDEN', 'NOT_FOUND', 'INVALID_INPUT'],
  input: inputOf('suspendUser', (t) => ({
    userId: t.id(userId),
    until: t.field({
      type: 'DateTime',
      description: 'End of the suspension, in the future; null until restored.',
    }),
    reason: t.string({
      required: true,
      description: 'Reason, 1 to 500 code points; shown to the user who tries to sign in.',
    }),
  })),
  resolve: async (input, ctx) => {
    await requireModerator(ctx)
    await suspendUser(ctx, viewerActing(ctx), input)
    return { userId: input.userId }
  },
  payload: (t) => ({ user: userField(t) }),
})

defineMutation('restoreUser', {
  description:
    'Lifts a suspension; sessions that it ended stay ended. Idempotent. Only for moderators, else FORBIDDEN. Errors: NOT_FOUND.',
  errors: ['FORBIDDEN', 'NOT_FOUND'],
  input: inputOf('restoreUser', (t) => ({ userId: t.id(userId) })),
  resolve: async (input, ctx) => {
    await requireModerator(ctx)
    await restoreUser(ctx, viewerActing(ctx), input.userId)
    return input
  },
  payload: (t) => ({ user: userField(t) }),
})

defineMutation('endUserSessions', {
  description:
    'Ends all sessions of a user, such as after a report that the account was taken over. The user may sign in again. Only for moderators, else FORBIDDEN. Errors: FORBIDDEN for the viewer and other moderators; NOT_FOUND; INVALID_INPUT.',
  errors: ['FORBIDDEN', 'NOT_FOUND', 'INVALID_INPUT'],
  input: inputOf('endUserSessions', (t) => ({
    userId: t.id(userId),
    reason: t.string({ required: true, description: 'Reason for the audit trail, 1 to 500 code points.' }),
  })),
  resolve: async (input, ctx) => {
    await endSessionsAsModerator(ctx, input)
    return input
  },
  payload: (t) => ({ user: userField(t) }),
})

defineMutation('inspectConversation', {
  description:
    'Reads messages of any conversation, oldest first. The look, its reason and its range are in the audit trail; members are not notified. Only for moderators, else FORBIDDEN. Errors: NOT_FOUND; INVALID_INPUT.',
  errors: ['FORBIDDEN', 'NOT_FOUND', 'INVALID_INPUT'],
  input: inputOf('inspectConversation', (t) => ({
    conversationId: t.id({ required: true, description: 'Id of the conversation.' }),
    reason: t.string({ required: true, description: 'Reason for the audit trail, 1 to 500 code points.' }),
    last: t.int({ description: `Number of messages, at most ${inspectedMax}; null for 50.` }),
    beforeSeq: t.int({ description: 'Only messages before this number; null for the newest.' }),
  })),
  resolve: async (input, ctx) => ({ messages: await inspectAsModerator(ctx, input) }),
  payload: (t) => ({
    messages: t.field({
      type: [MessageType],
      items: inspectedMax,
      description: 'The messages, oldest first. Their quotes and conversation are readable for members only.',
      resolve: ({ messages }) => messages,
    }),
  }),
})
