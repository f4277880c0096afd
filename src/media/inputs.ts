import { z } from 'zod'
import { builder } from '../platform/graphql/builder.ts'
import { codePoints, fileName, text } from '../platform/text.ts'

export interface CreateUploadInput {
  filename: string
  mimeType: string
  byteSize: number
  asFile?: boolean | null
  form?: boolean | null
}

export const CreateUploadInputType = builder.inputRef<CreateUploadInput>('CreateUploadInput').implement({
  description: 'Name, type and size of a new upload.',
  fields: (t) => ({
    filename: t.string({
      required: true,
      description:
        'Name of the file, at most 255 code points. Folders, control characters and bidirectional marks are removed.',
    }),
    mimeType: t.string({
      required: true,
      description:
        'MIME type, such as image/png; the `Content-Type` of the upload request. `kind` and `mimeType` of the media item follow the content.',
    }),
    byteSize: t.int({
      required: true,
      description: 'Exact number of bytes, at most serverInfo.limits.uploadBytes.',
    }),
    asFile: t.boolean({
      defaultValue: false,
      description:
        'Whether to keep the bytes unchanged: the media item is a FILE whatever its content and can only be sent as a file. Metadata, such as the location of a photo, is kept.',
    }),
    form: t.boolean({
      defaultValue: false,
      description:
        'Whether to upload with a multipart POST, as mini-programs do, instead of a PUT of the bytes.',
    }),
  }),
})

const token = '[\\w!#$&^.+-]{1,100}'
const mimeType = new RegExp(`^${token}/${token}$`)

export const createUploadSchema = z.object({
  filename: text({ min: 1, trim: false })
    .transform(fileName)
    .refine((value) => codePoints(value) <= 255, 'must have at most 255 characters'),
  mimeType: z
    .string()
    .transform((value) => (value.split(';', 1)[0] ?? '').trim().toLowerCase())
    .refine((value) => mimeType.test(value), 'must be a MIME type such as image/png'),
  byteSize: z.number().min(1, 'must be at least 1'),
  asFile: z.boolean().nullish(),
})
