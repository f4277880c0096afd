import type { GraphQLSchema } from 'graphql'
import type pg from 'pg'
import type { Logger } from 'pino'
import type { Core, Services } from './context.ts'
import type { SliceHooks } from './hooks.ts'
import type { Tasks } from './platform/jobs/job-runner.ts'

/** Replacements that a test or an application provides. Slices declare further ones. */
export interface Overrides {
  log?: Logger
  progress?: (text: string) => void
  /** The database of running servers, which a command joins. */
  join?: { connection: pg.PoolConfig; description: string }
  /** Is served instead of a new schema. */
  schema?: GraphQLSchema
}

/** An open slice. */
export interface Opened {
  /** The slice’s member of the context. */
  service?: Partial<Omit<Services, keyof Core>>
  /** What runs the slice, for display at start. */
  parts?: Record<string, string>
  /** Job handlers by name. Stored jobs refer to the name, and any server may run them. */
  tasks?(services: Services): Tasks
  /** Starts background workers, once all slices are open. */
  workers?(services: Services): Promise<{ close(): Promise<void> }>
  close?(): void | Promise<void>
}

/** A part of the server. Slices open in order and close in reverse order. */
export interface Slice {
  name: string
  open(core: Core, hooks: SliceHooks, overrides: Overrides): Opened | Promise<Opened>
}
