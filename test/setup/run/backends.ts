/**
 * Files below the paths of `npm run test:backends` that the database and Redis of the machine cannot change; see
 * docs/decisions/109-what-the-second-half-proves.md.
 */
export const independentOfBackends = [
  'test/faults/database/away.test.ts',
  'test/faults/database/history.test.ts',
  'test/faults/database/uploads.test.ts',
  'test/faults/kill-embedded.test.ts',
  'test/group/entry/pace.test.ts',
  'test/group/membership/permissions.test.ts',
  'test/inbox/slow-reader.test.ts',
  'test/inbox/slow-readers-memory.test.ts',
  'test/presence/storm.test.ts',
  'test/presence/typing.test.ts',
  'test/processes/pooler/**',
  'test/processes/rate-limits.test.ts',
  'test/processes/redis/**',
  'test/processes/rolling-restart.test.ts',
  'test/processes/traces.test.ts',
]
