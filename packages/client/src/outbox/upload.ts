import { errorWith, present } from '../errors.ts'
import {
  CompleteUpload,
  CreateUpload,
  type MessageContentInput,
  type UploadMethod,
} from '../generated/documents.ts'
import type { Perform } from '../transport/perform.ts'
import type { Item } from './item.ts'

export interface UploadRequest {
  url: string
  method: UploadMethod
  headers: Record<string, string>
  body: Blob
  onProgress(fraction: number): void
}

/** Sends the bytes and returns the HTTP status. */
export type SendBytes = (request: UploadRequest) => Promise<number>

/** Uploads the file of an item. Returns the content that the message has then. */
export async function uploadFile(
  { upload }: Item,
  file: Blob,
  given: { perform: Perform; sendBytes: SendBytes; onProgress(fraction: number): void },
): Promise<MessageContentInput> {
  if (!upload) throw errorWith('FILE_LOST', 'The file was lost in a reload.')
  const { name, asFile, byteSize, mimeType, caption } = upload
  const input = { filename: name, mimeType, byteSize, asFile }
  const { ticket } = present((await given.perform(CreateUpload, { input })).createUpload)
  const { url, method, headers, media } = ticket
  const status = await given
    .sendBytes({
      ...{ url, method, body: file, onProgress: given.onProgress },
      headers: Object.fromEntries(headers.map((header) => [header.name, header.value])),
    })
    .catch((error: unknown) => {
      throw errorWith('NETWORK', 'The connection was lost.', { cause: String(error) })
    })
  if (status >= 300)
    throw errorWith(status >= 500 ? 'UNAVAILABLE' : 'NETWORK', `The upload failed with ${status}.`)
  const { completeUpload } = await given.perform(CompleteUpload, { input: { mediaId: media.id } })
  const content = { mediaId: media.id, caption }
  switch (completeUpload?.media.kind) {
    case 'IMAGE':
      return { image: content }
    case 'VIDEO':
      return { video: content }
    case 'AUDIO':
      return { audio: content }
    default:
      return { file: content }
  }
}

/** XMLHttpRequest where it exists, because fetch does not report progress. */
export const defaultSendBytes: SendBytes = (request) => {
  const { XMLHttpRequest: Xhr } = globalThis as { XMLHttpRequest?: new () => XhrLike }
  return Xhr ? withXhr(new Xhr(), request) : withFetch(request)
}

interface XhrLike {
  upload: { onprogress: ((event: { loaded: number; total: number }) => void) | null }
  onload: (() => void) | null
  onerror: (() => void) | null
  readonly status: number
  open(method: string, url: string): void
  setRequestHeader(name: string, value: string): void
  send(body: Blob): void
}

function withXhr(xhr: XhrLike, { url, method, headers, body, onProgress }: UploadRequest): Promise<number> {
  return new Promise((resolve, reject) => {
    xhr.open(method, url)
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value)
    xhr.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0)
    xhr.onload = () => resolve(xhr.status)
    xhr.onerror = () => reject(new Error('The connection was lost.'))
    xhr.send(body)
  })
}

async function withFetch({ url, method, headers, body, onProgress }: UploadRequest): Promise<number> {
  const { fetch } = globalThis as unknown as {
    fetch: (url: string, init: object) => Promise<{ status: number }>
  }
  const { status } = await fetch(url, { method, headers, body })
  onProgress(1)
  return status
}
