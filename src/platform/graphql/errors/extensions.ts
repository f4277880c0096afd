import { type ErrorExtensions, errorCodes, type Issue } from '../../../errors.ts'
import { builder } from '../builder.ts'

export const ErrorCodeEnum = builder.enumType('ErrorCode', {
  description: 'Code of an error, in `extensions.code`.',
  values: Object.fromEntries(
    Object.entries(errorCodes).map(([name, description]) => [name, { description }]),
  ) as Record<keyof typeof errorCodes, { description: string }>,
})

const SignInReasonEnum = builder.enumType('SignInReason', {
  description: 'Why a client has to authenticate.',
  values: {
    MISSING: { description: 'The request has no access token.' },
    EXPIRED: { description: 'The access token is expired or invalid: refresh the session.' },
    ENDED: { description: 'The session has ended: sign in again.' },
  },
})

const ErrorIssueType = builder.objectRef<Issue>('ErrorIssue').implement({
  description: 'A fault of the input.',
  fields: (t) => ({
    path: t.exposeString('path', {
      description:
        'Path of the argument or input field, with names and indexes of lists joined by dots, such as `input.seqs.0`.',
    }),
    message: t.exposeString('message', {
      description: 'What is wrong, in English, as the predicate of a sentence about the path.',
    }),
  }),
})

// No field returns it: it describes a part of the response that is outside the data, for code generators and readers.
builder.objectRef<ErrorExtensions>('ErrorExtensions').implement({
  description:
    '`extensions` of an error. No field returns it. A field that does not apply to the error is absent; the pages in docs/errors say which code has which fields.',
  fields: (t) => ({
    code: t.expose('code', { type: ErrorCodeEnum, description: 'Code of the error.' }),
    issues: t.expose('issues', {
      type: [ErrorIssueType],
      items: 20,
      nullable: true,
      description: 'The parts of the input that the error is about, at most 20.',
    }),
    limit: t.exposeInt('limit', {
      nullable: true,
      description: 'The limit, in its own unit. Limits in time are in seconds.',
    }),
    actual: t.exposeInt('actual', {
      nullable: true,
      description: 'What the operation has or costs, to compare with `limit`.',
    }),
    retryAfterMs: t.exposeInt('retryAfterMs', {
      nullable: true,
      description: 'Milliseconds after which a retry may succeed.',
    }),
    retryable: t.exposeBoolean('retryable', {
      nullable: true,
      description: 'True if nothing was changed and the same request may succeed later.',
    }),
    reason: t.expose('reason', {
      type: SignInReasonEnum,
      nullable: true,
      description: 'Why the client has to authenticate.',
    }),
    until: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'End of a mute or suspension; null if it has none.',
      resolve: ({ until }) => (until ? new Date(until) : null),
    }),
    suspensionReason: t.exposeString('suspensionReason', {
      nullable: true,
      description: 'Reason for the suspension, for the user.',
    }),
    userIds: t.exposeIDList('userIds', {
      nullable: true,
      description: 'Ids of the users that the error is about.',
    }),
    resync: t.exposeBoolean('resync', {
      nullable: true,
      description: 'True if the client has to drop its state and synchronise without a cursor.',
    }),
    requestId: t.exposeString('requestId', {
      nullable: true,
      description: 'Id of the request in the log of the server.',
    }),
  }),
})
