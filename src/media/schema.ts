import { builder } from '../platform/graphql/builder.ts'
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
      'A media of mine, or of a message I may read; null when it does not exist or is not mine to read.',
    args: { id: t.arg.id({ required: true, description: 'The id of the media.' }) },
    resolve: (_root, { id }, ctx) => readMedia(ctx, id),
  }),
)

interface Named {
  name: string
  value: string
}

const UploadHeaderType = builder.objectRef<Named>('UploadHeader').implement({
  description: 'A header of the request, or a field of the form.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What it is called.' }),
    value: t.exposeString('value', { description: 'What it says, to be sent as it is.' }),
  }),
})

const named = (values: Record<string, string>): Named[] =>
  Object.entries(values).map(([name, value]) => ({ name, value }))

const UploadTicketType = builder.objectRef<UploadTicket>('UploadTicket').implement({
  description:
    'Where the bytes of an upload go. Send them there, then call completeUpload. Whoever has the ticket may use it: it proves itself.',
  fields: (t) => ({
    media: t.expose('media', { type: MediaType, description: 'What the upload will be, UPLOADING for now.' }),
    method: t.exposeString('method', { description: 'PUT of the bytes alone, or POST of a form.' }),
    url: t.expose('url', { type: 'URL', description: 'Where to.' }),
    headers: t.field({
      type: [UploadHeaderType],
      description: 'Headers to send with it.',
      resolve: ({ headers }) => named(headers),
    }),
    fields: t.field({
      type: [UploadHeaderType],
      description: 'Fields that go before the file in a form upload, whose own field is called `file`.',
      resolve: ({ fields }) => named(fields),
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'Bytes are taken until then.',
      resolve: ({ media }) => media.expiresAt,
    }),
  }),
})

builder.mutationFields((t) => ({
  createUpload: t.field({
    type: UploadTicketType,
    description:
      'Begins an upload: bring the bytes to where the ticket says, then call completeUpload. An upload that no message and no picture holds goes after a day. Refusals: INVALID_INPUT, LIMIT_EXCEEDED when it is larger than serverInfo.limits.uploadBytes or too much for one day, RATE_LIMITED for too many in a minute.',
    args: {
      input: t.arg({ type: CreateUploadInputType, required: true, description: 'What is to be uploaded.' }),
    },
    resolve: (_root, { input }, ctx) => createUpload(ctx, input),
  }),
  completeUpload: t.field({
    type: MediaType,
    description:
      'Completes an upload whose bytes have been sent. The content decides the kind; any content is accepted, at least as a FILE. Images, video and audio are PROCESSING first and can be sent already. Idempotent. Errors: NOT_FOUND; CONFLICT before the bytes have arrived; INVALID_INPUT when their number differs from the announced one, and the media is FAILED; UNAVAILABLE while the storage cannot be reached.',
    args: { mediaId: t.arg.id({ required: true, description: 'The id of the media of the ticket.' }) },
    resolve: (_root, { mediaId }, ctx) => completeUpload(ctx, mediaId),
  }),
}))
