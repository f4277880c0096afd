import { admin } from './admin/commands.ts'
import { type Commands, json } from './cli/command.ts'

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
  doctor: {
    summary: 'Check settings, services and data, and say how to mend what is wrong.',
    details:
      'Servers keep running. It reads all messages once, and changes nothing but a probe object in the storage of uploads.',
    options: { 'skip-media': { meaning: 'Do not look for the bytes of every upload.' }, json },
    exitCodes: { 3: 'It found an error.', 4: 'It found warnings only.' },
    load: async () => (await import('./doctor.ts')).doctor,
  },
  backup: {
    summary: 'Write a backup of the database and of the uploads into a new folder.',
    details:
      'Servers keep running. Uploads in DATA_DIR are copied; of those in S3 the backup has a list, or with --media the bytes. The auth secret is not in the backup: keep it beside.',
    arguments: ['FOLDER'],
    options: { media: { meaning: 'Copy uploads from S3, too.' }, json },
    load: async () => (await import('./backup.ts')).backup,
  },
  restore: {
    summary: 'Restore a backup into an empty database.',
    details:
      'All servers must be stopped. Version and auth secret must be those of the backup, and every checksum is verified before anything is written.',
    arguments: ['FOLDER'],
    options: { json },
    load: async () => (await import('./restore.ts')).restore,
  },
  move: {
    summary: 'Copy the configured database to another PostgreSQL, such as from the embedded one.',
    details:
      'All servers must be stopped, and the target must be empty. Uploads and the auth secret stay where they are; clients keep their sessions and positions.',
    options: { to: { value: 'DATABASE_URL', meaning: 'Address of the target.' }, json },
    load: async () => (await import('./move.ts')).move,
  },
  media: {
    summary: 'Copy all uploads between DATA_DIR and S3.',
    details:
      'Only what the target lacks is copied, so the command can run beside servers, and again when they are stopped. Nothing is removed from the source.',
    arguments: ['copy'],
    options: { to: { value: 's3|folder', meaning: 'Target: the bucket of S3_URL, or DATA_DIR.' }, json },
    load: async () => (await import('./media.ts')).media,
  },
  admin,
} satisfies Commands
