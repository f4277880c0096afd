import type { MediaRow } from '../store.ts'

/** One attempt to render an upload. */
export interface RenderJob {
  media: MediaRow
  /** Path of the uploaded bytes. */
  source: string
  /** Temporary folder for drafts. */
  folder: string
  signal: AbortSignal
  /** Whether no further attempt follows this error. */
  isFinal(error: unknown): boolean
  /** Stores a draft and returns its key. */
  store(draft: string): Promise<string>
}
