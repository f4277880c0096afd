import type { Sql } from '../platform/db/sql.ts'

/** The pictures of people and groups, as the slice of media knows them. */
export interface Avatars {
  /** Holds an image until the transaction ends; NOT_FOUND unless it is one of this person's. Returns a key for its address. */
  take(sql: Sql, ownerId: string, mediaId: string): Promise<string>
  /** It is the picture of somebody or something no longer. */
  release(sql: Sql, mediaId: string): Promise<void>
}

/** The address of a picture: whoever knows it may look, and only those who are signed in are told. */
export const avatarUrl = ({ origin }: { origin: string }, key: string | null): string | null =>
  key === null ? null : `${origin}/media/avatars/${key}`
