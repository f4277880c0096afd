import { randomBytes } from 'node:crypto'
import { invalidInput, notFound } from '../errors.ts'
import type { Listener } from '../hooks.ts'
import { removeUnreferencedMedia } from './release.ts'
import { lockMedia } from './store.ts'

const path = 'input.avatarMediaId'

export const chooseAvatar: Listener<'avatarChosen'> = async ({ sql }, { ownerId, mediaId }) => {
  const media = (await lockMedia(sql, [mediaId])).get(mediaId)
  if (media?.ownerId !== ownerId) throw notFound('media')
  if (media.kind !== 'IMAGE') throw invalidInput({ path, message: 'must be an image' })
  if (media.status !== 'READY') throw invalidInput({ path, message: 'must be READY' })
  return randomBytes(16).toString('base64url')
}

export const releaseAvatar: Listener<'avatarReleased'> = ({ sql }, { mediaId }) =>
  removeUnreferencedMedia(sql, [mediaId])
