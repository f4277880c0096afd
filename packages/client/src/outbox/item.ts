import { type ErrorCode, errorWith, type ParlanceError } from '../errors.ts'
import type { MessageContentInput } from '../generated/documents.ts'

/** A file to upload as part of a send. */
export interface Upload {
  file: Blob
  name: string
  caption?: string
  /** Whether to keep the bytes unchanged, and to send a photo as a file. */
  asFile?: boolean
}

/** A message that is not sent yet. All of it but `file` is stored. */
export interface Item {
  /** The `clientMessageId`: a retry with it is the same message. */
  readonly key: string
  readonly conversationId: string
  readonly quoteSeq?: number
  /** null while the file is not uploaded. */
  readonly content: MessageContentInput | null
  readonly createdAt: number
  /** The code with which it failed. A reload does not send it again without the user. */
  readonly failedWith?: ErrorCode
  readonly upload?: { name: string; caption?: string; asFile?: boolean; byteSize: number; mimeType: string }
}

/** `failed` items stay until they are retried or cancelled; all others are sent in order. */
export type ItemState =
  | { status: 'waiting' }
  | { status: 'uploading'; progress: number }
  | { status: 'sending' }
  | { status: 'failed'; error: ParlanceError }

export type Pending = Item & { readonly state: ItemState }

/** The state of a stored item. */
export const stateOf = ({ failedWith }: Item): ItemState =>
  failedWith
    ? { status: 'failed', error: errorWith(failedWith, 'The message failed.') }
    : { status: 'waiting' }
