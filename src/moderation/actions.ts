/** An action that the audit trail records. */
interface Described {
  /** As stored: mostly the name of the mutation. */
  value: string
  description: string
  /** Schema version that added it; clients of earlier versions do not get its entries. */
  since: number
}

/** Actions by their name in the schema. */
export const auditActions = {
  MESSAGE_RECALLED: { value: 'recallMessage', since: 1, description: 'A moderator recalled a message.' },
  REPORT_RESOLVED: { value: 'resolveReport', since: 1, description: 'A moderator resolved a report.' },
  USER_SUSPENDED: {
    value: 'suspendUser',
    since: 1,
    description: 'A moderator or the operator suspended a user.',
  },
  USER_RESTORED: {
    value: 'restoreUser',
    since: 1,
    description: 'A moderator or the operator lifted a suspension.',
  },
  REPEATED_TEXT: {
    value: 'REPEATED_TEXT',
    since: 1,
    description: 'The server found the same text in many conversations.',
  },
  PASSWORD_SET: {
    value: 'setPassword',
    since: 4,
    description: 'The operator gave a user who forgot the password a new one.',
  },
  SESSIONS_ENDED: { value: 'endUserSessions', since: 4, description: 'All sessions of a user were ended.' },
  USER_DELETED: { value: 'deleteUser', since: 4, description: 'The operator deleted an account.' },
  USER_EXPORTED: { value: 'exportUser', since: 4, description: 'The operator exported the data of a user.' },
  CONVERSATION_INSPECTED: {
    value: 'inspectConversation',
    since: 4,
    description: 'The messages of a conversation from `fromSeq` to `toSeq` of `detail` were read.',
  },
  MODERATOR_GRANTED: {
    value: 'grantModerator',
    since: 4,
    description: 'The operator appointed a moderator.',
  },
  MODERATOR_REVOKED: {
    value: 'revokeModerator',
    since: 4,
    description: 'The operator dismissed a moderator.',
  },
  MAINTENANCE_STARTED: {
    value: 'startMaintenance',
    since: 4,
    description: 'The operator began maintenance, or changed its text.',
  },
  MAINTENANCE_ENDED: { value: 'endMaintenance', since: 4, description: 'The operator ended maintenance.' },
  JOBS_RETRIED: {
    value: 'retryJobs',
    since: 4,
    description: 'The operator repeated jobs that failed finally.',
  },
  PUSH_RETRIED: {
    value: 'retryPush',
    since: 4,
    description: 'The operator repeated notifications that failed.',
  },
} as const satisfies Record<string, Described>

export type AuditAction = (typeof auditActions)[keyof typeof auditActions]['value']

/** The actions that a client of this schema version knows. */
export const actionsKnownTo = (schemaVersion: number | null): AuditAction[] =>
  Object.values(auditActions)
    .filter(({ since }) => schemaVersion === null || since <= schemaVersion)
    .map(({ value }) => value)
