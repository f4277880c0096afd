/** Files that may take more than 30 s in a run on two cores, and why. They start first. */
export const slowFiles: Record<string, string> = {
  'test/attack/memory.test.ts': 'repeats each class of attack, and collects garbage after it',
  'test/attack/websocket/sockets.test.ts':
    'floods sockets that are read slowly, and waits for the end of a time to sign in',
  'test/clients/payloads.test.ts':
    'calls every mutation, and each time loads all that the viewer sees into a cache',
  'test/commands/backup.test.ts':
    'backs up and restores databases of two versions, with uploads in two kinds of storage',
  'test/commands/doctor/data.test.ts':
    'starts servers with seeded faults, and a process for each examination',
  'test/commands/move.test.ts': 'moves databases and uploads between servers that start anew',
  'test/commands/restore.test.ts': 'restores damaged and foreign backups, each by a process of its own',
  'test/contract/run.test.ts': 'loads servers while they are killed, stopped and ended',
  'test/faults/database/history.test.ts': 'crashes, copies and promotes clusters of its own, on two versions',
  'test/faults/database/away.test.ts':
    'waits for the deadlines of requests that a silent database does not answer',
  'test/faults/kill.test.ts': 'kills a server under load, twice, and compares all it holds afterwards',
  'test/inbox/resume.test.ts': 'cuts a stream a hundred times under load',
  'test/notification/deliver/push.test.ts': 'delivers some hundred notifications, most of them to the end',
  'test/packages/adapters.test.ts': 'packs every package, and builds an application from each template',
  'test/packages/urql/chat.test.ts': 'follows a random chat through cuts, in small groups and in large ones',
  'test/processes/as-one.test.ts': 'starts seven servers, and waits for sessions to end on the other ones',
  'test/processes/redis/outage.test.ts':
    'waits for the timeouts of Redis connections, once for each kind of outage',
  'test/processes/redis/presence.test.ts': 'waits for the leases of killed and silent servers',
  'test/search/golden.test.ts': 'sends and searches a corpus in 28 scripts, with both back ends',
  'test/start/embedded.test.ts': 'creates an embedded database in every test',
  'test/start/installation.test.ts': 'starts the server by npm, from a copied project',
  'test/start/recovery.test.ts': 'creates and recovers an embedded database in every test',
  'test/web/chat.test.ts': 'drives every screen of the web app in a browser',
  'test/webhook/webhooks.test.ts': 'waits for the back-off of failed deliveries',
}
