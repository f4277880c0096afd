import type { Sql } from '../platform/db/sql.ts'

/** Something that a person does which people seldom do. What was written is no part of it. */
export interface Suspicion {
  userId: string
  kind: 'REPEATED_TEXT'
  /** How many conversations got it. */
  conversations: number
}

/** What a later slice does about it. */
export type NoteSuspicion = (sql: Sql, suspicion: Suspicion) => Promise<void>
