import type { Sql } from '../platform/db/sql.ts'

/** The pictures of people and groups, as the slice of media knows them. */
export interface Avatars {
  /** Holds an image until the transaction ends; NOT_FOUND unless it is one of this person's. Returns a key for its address. */
  take(sql: Sql, ownerId: string, mediaId: string): Promise<string>
  /** It is the picture of somebody or something no longer. */
  release(sql: Sql, mediaId: string): Promise<void>
}

export interface Avatar {
  avatarMediaId: string | null
  avatarKey: string | null
}

/** What is wanted for a picture: null leaves the present one, an empty id takes it away. */
export async function nextAvatar(
  avatars: Avatars,
  sql: Sql,
  ownerId: string,
  { avatarMediaId, avatarKey }: Avatar,
  wanted: string | null | undefined,
): Promise<Avatar> {
  if (wanted === undefined || wanted === null || wanted === avatarMediaId) return { avatarMediaId, avatarKey }
  if (wanted === '') return { avatarMediaId: null, avatarKey: null }
  return { avatarMediaId: wanted, avatarKey: await avatars.take(sql, ownerId, wanted) }
}

/** The address of a picture: whoever knows it may look, and only those who are signed in are told. */
export const avatarUrl = ({ origin }: { origin: string }, key: string | null): string | null =>
  key === null ? null : `${origin}/media/avatars/${key}`
