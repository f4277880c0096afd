import { errorWith, present } from '../errors.ts'
import { CompleteUpload, CreateUpload, MediaItems } from '../generated/documents.ts'
import { defaultSendBytes, type SendBytes } from '../outbox/upload.ts'
import type { Perform } from '../transport/perform.ts'

/** Between two looks at a picture that is being processed: at first, and at most. */
const [firstPauseMs, longestPauseMs] = [100, 1_000]
/** A picture takes a second or two; one that takes longer than all looks together, about a minute, is given up. */
const looks = 60

/** Uploads a picture and waits until it can be an avatar. Returns the id of the media item. */
export async function uploadPicture(
  query: Perform,
  file: Blob,
  { name, onProgress = () => {}, sendBytes = defaultSendBytes }: PictureOptions,
): Promise<string> {
  const input = { filename: name, mimeType: file.type || 'application/octet-stream', byteSize: file.size }
  const { url, method, headers, media } = present((await query(CreateUpload, { input })).createUpload).ticket
  const status = await sendBytes({
    ...{ url, method, body: file, onProgress },
    headers: Object.fromEntries(headers.map((header) => [header.name, header.value])),
  })
  if (status >= 300) throw errorWith('NETWORK', `The upload failed with ${status}.`)
  await query(CompleteUpload, { input: { mediaId: media.id } })
  for (let look = 0; look < looks; look += 1) {
    const [item] = (await query(MediaItems, { ids: [media.id] })).nodes
    const state = item && 'status' in item ? item.status : 'FAILED'
    if (state === 'READY') return media.id
    if (state === 'FAILED') break
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 1.6 ** look)
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
  throw errorWith('INVALID_INPUT', 'The picture cannot be read.')
}

export interface PictureOptions {
  name: string
  onProgress?: (fraction: number) => void
  sendBytes?: SendBytes
}
