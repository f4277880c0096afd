import { type Command, type CommandGroup, json, type Option } from '../cli/command.ts'

const optionalReason: Option = { value: 'TEXT', meaning: 'Why, for the audit trail.' }
const reason: Option = { ...optionalReason, required: true }

const acts = {
  password: {
    summary: 'Give a user who forgot the password a new one, which is printed, and end all sessions.',
    arguments: ['PERSON'],
    options: { reason: optionalReason, json },
    load: async () => (await import('./people.ts')).password,
  },
  'end-sessions': {
    summary: 'Sign a user out on all devices.',
    arguments: ['PERSON'],
    options: { reason: optionalReason, json },
    load: async () => (await import('./people.ts')).endSessions,
  },
  suspend: {
    summary: 'Suspend a user: sessions end, and signing in is refused until the user is restored.',
    details: 'The reason is shown to the user.',
    arguments: ['PERSON'],
    options: { reason, until: { value: 'TIME', meaning: 'End of the suspension, in ISO 8601.' }, json },
    load: async () => (await import('./people.ts')).suspend,
  },
  restore: {
    summary: 'Lift the suspension of a user.',
    arguments: ['PERSON'],
    options: { json },
    load: async () => (await import('./people.ts')).restore,
  },
  delete: {
    summary: 'Delete an account permanently, as its owner could.',
    details:
      'Friendships end, groups continue without the user, uploads that no message names are removed, and messages stay under a placeholder name. The handle is never given to another account. Use export before, if a copy is wanted.',
    arguments: ['PERSON'],
    options: { reason, json },
    load: async () => (await import('./people.ts')).deletePerson,
  },
  export: {
    summary: 'Write everything that is stored about a user into a new folder.',
    details:
      'One file of JSON lines for each kind of data, all of the same moment, and the bytes of the uploads. Messages of others, password hashes and tokens are not included.',
    arguments: ['PERSON', 'FOLDER'],
    options: {
      reason,
      'skip-media': { meaning: 'Do not copy the bytes of uploads.' },
      json,
    },
    load: async () => (await import('./export/export.ts')).exportPerson,
  },
  conversation: {
    summary: 'Show messages of a conversation; the reason is in the audit trail.',
    arguments: ['ID'],
    options: {
      reason,
      last: { value: 'COUNT', meaning: 'Number of messages, 1 to 100; 20 by default.' },
      before: { value: 'SEQ', meaning: 'Only messages before this number.' },
      json,
    },
    load: async () => (await import('./conversation.ts')).conversation,
  },
  moderators: {
    summary: 'List the moderators.',
    options: { json },
    load: async () => (await import('./moderators.ts')).moderators,
  },
  grant: {
    summary: 'Make a user a moderator, without a restart.',
    arguments: ['PERSON'],
    options: { reason: optionalReason, json },
    load: async () => (await import('./moderators.ts')).grant,
  },
  revoke: {
    summary: 'End the rights of a moderator, without a restart.',
    details: 'A handle in ADMIN_HANDLES must be removed there.',
    arguments: ['PERSON'],
    options: { reason: optionalReason, json },
    load: async () => (await import('./moderators.ts')).revoke,
  },
  jobs: {
    summary: 'List jobs that failed finally, with their errors, or run them again.',
    options: {
      retry: { meaning: 'Run all of them again.' },
      id: { value: 'ID', meaning: 'With --retry, only this job.' },
      json,
    },
    load: async () => (await import('./upkeep.ts')).jobs,
  },
  'retry-push': {
    summary: 'Send notifications again that failed, and at once those that wait after an error.',
    details: 'What was read or recalled meanwhile is not sent.',
    options: { minutes: { value: 'COUNT', meaning: 'Failed in the last minutes; 60 by default.' }, json },
    load: async () => (await import('./upkeep.ts')).push,
  },
  maintenance: {
    summary: 'Begin or end maintenance, in which users read and change nothing.',
    details:
      'Mutations answer UNAVAILABLE with the text, and clients keep what they want to send. Moderators may change things. Without an option it says whether maintenance goes on.',
    options: {
      begin: { value: 'TEXT', meaning: 'Begin it; the text is shown to users.' },
      end: { meaning: 'End it.' },
      json,
    },
    load: async () => (await import('./upkeep.ts')).maintenance,
  },
  audit: {
    summary: 'Show the audit trail, newest first.',
    options: { last: { value: 'COUNT', meaning: 'Number of entries, 1 to 1000; 50 by default.' }, json },
    load: async () => (await import('./audit.ts')).audit,
  },
} satisfies Record<string, Command>

/** What an operator does for users and moderators. */
export const admin: CommandGroup = {
  summary: 'Help users, moderators and stuck work; everything is in the audit trail.',
  details:
    'PERSON is a handle, or an id. Servers keep running; with REDIS_URL they see changes at once, otherwise within seconds.',
  commands: acts,
}
