import type { Logger } from 'pino'
import type { Core, Services } from './context.ts'
import type { SliceHooks } from './hooks.ts'
import type { Tasks } from './platform/jobs/job-runner.ts'

/** What a test or an application builds in another way; slices add their own. */
export interface Overrides {
  log?: Logger
  progress?: (text: string) => void
}

/** An open slice. */
export interface Opened {
  /** The slice's member of every context. */
  service?: Partial<Omit<Services, keyof Core>>
  /** What serves it, as the start prints it. */
  parts?: Record<string, string>
  /** Jobs that any server runs; the name of a task is stored with its jobs. */
  tasks?(services: Services): Tasks
  /** Starts what works in the background; called once every slice is open. */
  workers?(services: Services): Promise<{ close(): Promise<void> }>
  close?(): void | Promise<void>
}

/** A part of the server. It opens after the slices before it, and closes before them. */
export interface Slice {
  name: string
  open(core: Core, hooks: SliceHooks, overrides: Overrides): Opened | Promise<Opened>
}
