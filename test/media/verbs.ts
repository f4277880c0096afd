import { graphql } from '../generated/gql.ts'
import type { CreateUploadInput } from '../generated/graphql.ts'
import type { Person } from '../world/person.ts'

const CreateUpload = graphql(`
  mutation CreateUpload($input: CreateUploadInput!) {
    createUpload(input: $input) {
      ticket {
        media {
          ...MediaParts
        }
        method
        url
        headers {
          name
          value
        }
        fields {
          name
          value
        }
        expiresAt
      }
    }
  }
`)

const CompleteUpload = graphql(`
  mutation CompleteUpload($mediaId: ID!) {
    completeUpload(input: { mediaId: $mediaId }) {
      media {
        ...MediaParts
      }
    }
  }
`)

const MediaQuery = graphql(`
  query Media($id: ID!) {
    media(id: $id) {
      ...MediaParts
    }
  }
`)

export const createsUpload = async (person: Person, input: CreateUploadInput) =>
  (await person.do(CreateUpload, { input })).createUpload.ticket

export type Ticket = Awaited<ReturnType<typeof createsUpload>>

export const completes = async (person: Person, mediaId: string) =>
  (await person.do(CompleteUpload, { mediaId })).completeUpload.media

export const looksAt = async (person: Person, id: string) => (await person.do(MediaQuery, { id })).media

export interface Contents {
  bytes: Uint8Array
  filename?: string
  mimeType?: string
  asFile?: boolean
}

const inputFor = ({
  bytes,
  filename = 'file.bin',
  mimeType = 'application/octet-stream',
  asFile,
}: Contents) => ({
  filename,
  mimeType,
  ...(asFile === undefined ? {} : { asFile }),
  byteSize: bytes.length,
})

const pairs = (all: readonly { name: string; value: string }[]) =>
  all.map(({ name, value }): [string, string] => [name, value])

/** Sends the upload request of a ticket. */
export function sendsBytes(ticket: Ticket, bytes: Uint8Array): Promise<Response> {
  const { method, url, headers, fields } = ticket
  const body = method === 'PUT' ? new Blob([bytes as Uint8Array<ArrayBuffer>]) : formOf(pairs(fields), bytes)
  return fetch(url, { method, headers: pairs(headers), body })
}

function formOf(fields: [string, string][], bytes: Uint8Array): FormData {
  const form = new FormData()
  for (const [name, value] of fields) form.append(name, value)
  form.append('file', new Blob([bytes as Uint8Array<ArrayBuffer>]), 'whatever.bin')
  return form
}

/** Uploads and completes; returns the result of completeUpload. */
export async function uploads(person: Person, contents: Contents, form = false) {
  const ticket = await createsUpload(person, { ...inputFor(contents), form })
  const answer = await sendsBytes(ticket, contents.bytes)
  if (!answer.ok) throw new Error(`The upload was refused: ${answer.status} ${await answer.text()}`)
  return completes(person, ticket.media.id)
}

/** Uploads, and waits until the media item is READY or FAILED. */
export async function uploadsReady(person: Person, contents: Contents) {
  const { id } = await uploads(person, contents)
  return processed(person, id)
}

/** Waits until the inbox reports the media item READY or FAILED. */
export async function processed(person: Person, id: string) {
  const inbox = await person.listens()
  const isProcessed = (media: { status: string } | null) =>
    media?.status === 'READY' || media?.status === 'FAILED'
  // The event may have come before this subscription.
  const present = await looksAt(person, id)
  if (!isProcessed(present))
    await inbox.sees('MediaChanged', (event) => event.media.id === id && isProcessed(event.media))
  inbox.close()
  const media = await looksAt(person, id)
  if (!media) throw new Error('The media item does not exist.')
  return media
}

export const fetched = async (url: string | null | undefined, headers: Record<string, string> = {}) => {
  if (!url) throw new Error('The media item has no URL.')
  const answer = await fetch(url, { headers })
  return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) }
}
