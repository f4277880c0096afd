import { invalidInput, notFound, type Refusal } from '../errors.ts'
import type { MediaKind } from '../platform/db/generated/enums.ts'
import type { MediaRow } from './store.ts'

/**
 * Why the sender may not send this media item as a message of that kind, or null. It must be their own upload. It may
 * still be processing, and any kind may be sent as a file.
 */
export function attachRefusal(
  media: MediaRow | undefined,
  { userId, kind, path }: { userId: string; kind: MediaKind; path: string },
): Refusal | null {
  if (media?.ownerId !== userId) return notFound('media')
  if (media.status === 'UPLOADING') return invalidInput({ path, message: 'has not been uploaded yet' })
  if (media.status === 'FAILED') return invalidInput({ path, message: 'could not be processed' })
  if (kind !== 'FILE' && media.kind !== kind)
    return invalidInput({ path, message: `is of kind ${media.kind}, not ${kind}` })
  return null
}
