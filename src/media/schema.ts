import { builder } from '../platform/graphql/builder.ts'
import { defineMutation, inputOf } from '../platform/graphql/mutation.ts'
import { CreateUploadInputType } from './inputs.ts'
import { MediaType } from './refs.ts'
import { readMedia } from './store.ts'
import { completeUpload } from './upload/complete.ts'
import { createUpload, type UploadTicket } from './upload/create.ts'
import './objects.ts'

builder.queryField('media', (t) =>
  t.field({
    type: MediaType,
    nullable: true,
    description:
      'A media item that the viewer uploaded or that is in a message that they may read; null when it does not exist or is not readable.',
    args: { id: t.arg.id({ required: true, description: 'Id of the media item.' }) },
    resolve: (_root, { id }, ctx) => readMedia(ctx, id),
  }),
)

interface Named {
  name: string
  value: string
}

const UploadHeaderType = builder.objectRef<Named>('UploadHeader').implement({
  description: 'A header of the upload request, or a field of its form.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Name of the header or field.' }),
    value: t.exposeString('value', { description: 'Value, to be sent unchanged.' }),
  }),
})

// The headers of an upload, or the fields of its form.
const headersMax = 20

const named = (values: Record<string, string>): Named[] =>
  Object.entries(values).map(([name, value]) => ({ name, value }))

const UploadMethodEnum = builder.enumType('UploadMethod', {
  description: 'How the bytes of an upload are sent.',
  values: {
    PUT: { description: 'The bytes are the body of the request.' },
    POST: { description: 'The bytes are the last field of a multipart form.' },
  } as const,
})

const UploadTicketType = builder.objectRef<UploadTicket>('UploadTicket').implement({
  description:
    'Where and how to upload the bytes; call completeUpload afterwards. The ticket contains its authorisation: no token is needed.',
  fields: (t) => ({
    media: t.expose('media', { type: MediaType, description: 'The new media item, UPLOADING.' }),
    method: t.expose('method', {
      type: UploadMethodEnum,
      description: 'HTTP method of the upload request.',
    }),
    url: t.expose('url', { type: 'URL', description: 'URL of the upload request.' }),
    headers: t.field({
      type: [UploadHeaderType],
      items: headersMax,
      description: 'Headers of the upload request.',
      resolve: ({ headers }) => named(headers),
    }),
    fields: t.field({
      type: [UploadHeaderType],
      items: headersMax,
      description: 'Form fields of a POST, to be sent before the field `file`, which contains the bytes.',
      resolve: ({ fields }) => named(fields),
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'When the ticket expires.',
      resolve: ({ media }) => media.expiresAt,
    }),
  }),
})

defineMutation('createUpload', {
  description:
    'Starts an upload: send the bytes as the ticket says, then call completeUpload. An upload that no message or avatar uses is deleted after a day. Errors: INVALID_INPUT; LIMIT_EXCEEDED above serverInfo.limits.uploadBytes or the daily limits; RATE_LIMITED above the uploads per minute.',
  errors: ['INVALID_INPUT', 'LIMIT_EXCEEDED', 'RATE_LIMITED'],
  input: CreateUploadInputType,
  resolve: async (input, ctx) => ({ ticket: await createUpload(ctx, input) }),
  payload: (t) => ({
    ticket: t.expose('ticket', { type: UploadTicketType, description: 'Where and how to upload the bytes.' }),
  }),
})

defineMutation('completeUpload', {
  description:
    'Completes an upload after its bytes were sent. The content decides the kind; any content is accepted, at least as a FILE. Images, video and audio are PROCESSING first and can be sent already. Idempotent. Errors: NOT_FOUND; CONFLICT before the bytes have arrived; INVALID_INPUT when their number differs from the announced one, and the media item is FAILED; UNAVAILABLE while the storage is unreachable.',
  errors: ['NOT_FOUND', 'CONFLICT', 'INVALID_INPUT'],
  input: inputOf('completeUpload', (t) => ({
    mediaId: t.id({ required: true, description: 'Id of the media item of the ticket.' }),
  })),
  resolve: async (input, ctx) => ({ media: await completeUpload(ctx, input.mediaId) }),
  payload: (t) => ({
    media: t.expose('media', { type: MediaType, description: 'The media item after the change.' }),
  }),
})
