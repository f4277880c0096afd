import { z } from 'zod'
import { builder } from '../platform/graphql/builder.ts'
import { codePoints, text } from '../platform/text.ts'

export interface CreateUploadInput {
  filename: string
  mimeType: string
  byteSize: number
  form?: boolean | null
}

export const CreateUploadInputType = builder.inputRef<CreateUploadInput>('CreateUploadInput').implement({
  description: 'What is to be uploaded.',
  fields: (t) => ({
    filename: t.string({
      required: true,
      description:
        'What it is called, at most 255 code points. Folders and control characters are taken off.',
    }),
    mimeType: t.string({
      required: true,
      description: 'Its type, such as image/png; the bytes are sent with it. The content decides in the end.',
    }),
    byteSize: t.int({
      required: true,
      description: 'How many bytes will come, exactly; at most serverInfo.limits.uploadBytes.',
    }),
    form: t.boolean({
      defaultValue: false,
      description:
        'The upload will be a multipart POST, as mini-programs send it, instead of a PUT of the bytes.',
    }),
  }),
})

const token = '[\\w!#$&^.+-]{1,100}'
const mimeType = new RegExp(`^${token}/${token}$`)

export const createUploadSchema = z.object({
  filename: text({ min: 1, trim: false })
    .transform(plainName)
    .refine((value) => codePoints(value) <= 255, 'must have at most 255 characters'),
  mimeType: z
    .string()
    .transform((value) => (value.split(';', 1)[0] ?? '').trim().toLowerCase())
    .refine((value) => mimeType.test(value), 'must be a type like image/png'),
  byteSize: z.number().min(1, 'must be at least 1'),
})

/** The last part of a path, without what would disturb a line, a header or a file system. */
export function plainName(path: string): string {
  const last = path.split(/[/\\]/).at(-1) ?? ''
  const plain = last.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}<>:"|?*]/gu, '').trim()
  return /^\.*$/.test(plain) ? 'file' : plain
}
