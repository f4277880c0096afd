import type { Core } from '../context.ts'
import type { Tx } from '../transaction.ts'

export interface Avatar {
  avatarMediaId: string | null
  avatarKey: string | null
}

/** What is wanted for a picture: null leaves the present one, an empty id takes it away. */
export async function nextAvatar(
  { hooks }: Pick<Core, 'hooks'>,
  tx: Tx,
  ownerId: string,
  { avatarMediaId, avatarKey }: Avatar,
  wanted: string | null | undefined,
): Promise<Avatar> {
  if (wanted === undefined || wanted === null || wanted === avatarMediaId) return { avatarMediaId, avatarKey }
  if (wanted === '') return { avatarMediaId: null, avatarKey: null }
  const [key = null] = await hooks.ask('avatarChosen', tx, { ownerId, mediaId: wanted })
  return { avatarMediaId: wanted, avatarKey: key }
}

/** The address of a picture: whoever knows it may look, and only those who are signed in are told. */
export const avatarUrl = ({ origin }: { origin: string }, key: string | null): string | null =>
  key === null ? null : `${origin}/media/avatars/${key}`
