import type { NewMessage } from '../../conversation/append/number.ts'
import type { Refusal } from '../../errors.ts'
import { attachRefusal } from '../../media/policy.ts'
import type { MediaRow } from '../../media/store.ts'
import type { MediaKind } from '../../platform/db/generated/enums.ts'
import type { MediaBody } from '../content/kinds/media.ts'

/** Why the sender may not attach these media items, or null. */
export function mediaRefusal(
  { kind, senderId, mediaIds = [] }: NewMessage & { senderId: string },
  media: Map<string, MediaRow>,
): Refusal | null {
  for (const id of mediaIds) {
    const path = `input.content.${kind.toLowerCase()}.mediaId`
    const refusal = attachRefusal(media.get(id), { userId: senderId, kind: kind as MediaKind, path })
    if (refusal) return refusal
  }
  return null
}

/** Copies the file name into the content: search finds the message by it, and a forward keeps it. */
export function addFilename(request: NewMessage, media: Map<string, MediaRow>): void {
  for (const id of request.mediaIds ?? []) {
    const filename = media.get(id)?.filename
    if (filename) request.content = { ...request.content, filename } satisfies Partial<MediaBody>
  }
}
