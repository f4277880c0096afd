import type { ErrorCode, ErrorExtensions } from '../../../src/errors.ts'

/** What a client has to know about an error code. Links are relative to `docs/errors`. */
export interface ErrorPage {
  /** Whether every field may give it, instead of those that declare it. */
  from?: 'any operation' | 'any mutation'
  when: string
  client: string
  retry: string
  /** The fields of `extensions` besides the code. Each may be absent. */
  extensions: readonly Exclude<keyof ErrorExtensions, 'code'>[]
  example: {
    message: string
    /** Absent if the error occurs before the operation runs. */
    path?: readonly string[]
    extensions?: Omit<ErrorExtensions, 'code'>
  }
}

export type ErrorPages = Partial<Record<ErrorCode, ErrorPage>>
