import type { Context, Core } from '../context.ts'
import type { Tx } from '../transaction.ts'

export interface Avatar {
  avatarMediaId: string | null
  avatarKey: string | null
}

/** The avatar after an update: undefined keeps the current one, null removes it. */
export async function nextAvatar(
  { hooks }: Pick<Core, 'hooks'>,
  tx: Tx,
  ownerId: string,
  { avatarMediaId, avatarKey }: Avatar,
  wanted: string | null | undefined,
): Promise<Avatar> {
  if (wanted === undefined || wanted === avatarMediaId) return { avatarMediaId, avatarKey }
  if (wanted === null) return { avatarMediaId: null, avatarKey: null }
  const [key = null] = await hooks.ask('avatarChosen', tx, { ownerId, mediaId: wanted })
  return { avatarMediaId: wanted, avatarKey: key }
}

/** The public URL of an avatar. Its key cannot be guessed, and only signed-in users are given the URL. */
export const avatarUrl = (
  { origin, config }: Pick<Context, 'origin' | 'config'>,
  key: string | null,
): string | null => (key === null ? null : `${config.media.cdnUrl ?? origin}/media/avatars/${key}`)
