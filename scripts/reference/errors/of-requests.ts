import type { ErrorPages } from './page.ts'

/** Codes that are about the request, and that every field may give. */
export const requestErrors = {
  UNAUTHENTICATED: {
    from: 'any operation',
    when: 'There is no valid access token: `reason` is MISSING, EXPIRED or ENDED.',
    client:
      'EXPIRED: call `refreshSession` and repeat. MISSING and ENDED: sign in again, and drop the local state of the session.',
    retry: 'After a refresh.',
    extensions: ['reason'],
    example: { message: 'The access token has expired.', extensions: { reason: 'EXPIRED' } },
  },
  SUSPENDED: {
    from: 'any operation',
    when: 'A moderator suspended the account. `until` is null for a suspension without an end.',
    client: 'Show `suspensionReason` and `until`, and sign out.',
    retry: 'After `until`.',
    extensions: ['until', 'suspensionReason', 'issues'],
    example: {
      message: 'This account is suspended: He sold watches.',
      path: ['login'],
      extensions: { until: null, suspensionReason: 'He sold watches.' },
    },
  },
  INVALID_INPUT: {
    from: 'any operation',
    when: 'The document, a variable or an input is invalid. `issues` is absent if the fault is in the document.',
    client: 'Show `issues` at the fields of the form. Otherwise it is a fault of the client.',
    retry: 'With other input only.',
    extensions: ['issues'],
    example: {
      message: 'input.password: must have at least 8 characters',
      path: ['register'],
      extensions: { issues: [{ path: 'input.password', message: 'must have at least 8 characters' }] },
    },
  },
  RATE_LIMITED: {
    from: 'any operation',
    when: 'The user, device or address did this too often, or the group is in slow mode.',
    client: 'Wait for `retryAfterMs`; keep what the user wrote.',
    retry: 'After `retryAfterMs`, with the same idempotency key.',
    extensions: ['retryAfterMs', 'issues'],
    example: {
      message: 'The group is in slow mode; retry after the given time.',
      path: ['sendMessage'],
      extensions: { retryAfterMs: 27_000 },
    },
  },
  QUERY_TOO_COMPLEX: {
    from: 'any operation',
    when: 'The document is too long, too deep, has too many aliases, or costs too much; see [Cost](../api.md#cost).',
    client: 'Ask for smaller pages, or in several operations.',
    retry: 'With another document only.',
    extensions: ['limit', 'actual'],
    example: {
      message: 'The cost of the operation is 65752; at most 50000 is allowed.',
      extensions: { limit: 50_000, actual: 65_752 },
    },
  },
  PERSISTED_QUERY_NOT_FOUND: {
    from: 'any operation',
    when: 'The server knows no document of this hash. Stock clients handle it by themselves.',
    client:
      'Send the document with its hash; see [Automatic persisted queries](../api.md#automatic-persisted-queries).',
    retry: 'With the document.',
    extensions: [],
    example: { message: 'PersistedQueryNotFound' },
  },
  DOCUMENT_NOT_TRUSTED: {
    from: 'any operation',
    when: 'The operator accepts only the documents of a list; see [Trusted documents](../api.md#trusted-documents).',
    client: 'Use a document of the list.',
    retry: 'No.',
    extensions: [],
    example: { message: 'This server accepts only the documents that its operator trusts.' },
  },
  INTROSPECTION_DISABLED: {
    from: 'any operation',
    when: 'The operation reads the schema, which this server does not show.',
    client: 'Generate code from `schema.graphql` of the release instead.',
    retry: 'No.',
    extensions: [],
    example: { message: 'The schema of this server cannot be read.' },
  },
  UNAVAILABLE: {
    from: 'any operation',
    when: 'The server is overloaded, or a part that it needs is away. Nothing was changed; `retryable` is true.',
    client: 'Retry in the background.',
    retry: 'Yes, after `retryAfterMs`, or with a growing pause.',
    extensions: ['retryable', 'retryAfterMs'],
    example: {
      message: 'The server is busy or a part of it is unavailable; retry.',
      path: ['sync'],
      extensions: { retryable: true, retryAfterMs: 1_000 },
    },
  },
  OUTCOME_UNKNOWN: {
    from: 'any mutation',
    when: 'The connection to the database broke during the commit, or the result could not be read after it. The change happened once or not at all.',
    client:
      'Repeat with the same idempotency key, or refetch; see [Repeating a mutation](../api.md#repeating-a-mutation).',
    retry: 'Yes, with the same key.',
    extensions: [],
    example: {
      message: 'The outcome is unknown; retry with the same key, or refetch.',
      path: ['sendMessage'],
    },
  },
  INTERNAL: {
    from: 'any operation',
    when: 'A fault of the server, which is in its log.',
    client: 'Show that something went wrong, with `requestId` for the operator.',
    retry: 'Once, later.',
    extensions: ['requestId'],
    example: {
      message: 'Something went wrong on the server.',
      path: ['sync'],
      extensions: { requestId: '7f0c8a52-6a0e-4c61-9a0b-3b8e1d4a5f10' },
    },
  },
} satisfies ErrorPages
