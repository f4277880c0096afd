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
        'Name of the file, at most 255 code points. Folders, control characters and marks of direction are removed.',
    }),
    mimeType: t.string({
      required: true,
      description:
        'MIME type, such as image/png; the bytes are sent with it. `kind` and `mimeType` of the media then follow the content.',
    }),
    byteSize: t.int({
      required: true,
      description: 'Exact number of bytes; at most serverInfo.limits.uploadBytes.',
    }),
    asFile: t.boolean({
      defaultValue: false,
      description:
        'Keeps the bytes exactly as they are: the media is a FILE whatever its content, and can only be sent as a file. Metadata, such as a location in a photo, stays.',
    }),
    form: t.boolean({
      defaultValue: false,
      description: 'Upload by a multipart POST, as mini-programs send it, instead of a PUT of the bytes.',
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
    .refine((value) => mimeType.test(value), 'must be a type like image/png'),
  byteSize: z.number().min(1, 'must be at least 1'),
  asFile: z.boolean().nullish(),
})
