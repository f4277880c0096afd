import { type Command, json } from './cli/command.ts'

/** Every command of the program, by name. */
export const commands = {
  serve: {
    summary: 'Start a server.',
    details: 'It runs until SIGTERM or SIGINT, and then finishes running requests.',
    load: async () => (await import('./serve.ts')).serve,
  },
  migrate: {
    summary: 'Apply the migrations to DATABASE_URL.',
    details: 'A server does so at start; this command is for deployments that migrate beforehand.',
    options: { json },
    load: async () => (await import('./migrate.ts')).migrate,
  },
  reindex: {
    summary: 'Rebuild the search index in Meilisearch.',
    details: 'Servers keep running, and search uses the old index until the new one is complete.',
    options: { json },
    load: async () => (await import('./reindex.ts')).reindex,
  },
} satisfies Record<string, Command>
