import { createHash } from 'node:crypto'
import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { OperatorError } from '../../platform/operator-error.ts'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const count = z.number().int().nonnegative()

const manifest = z.object({
  /** Of the files of a backup. */
  format: z.literal(1),
  /** Version of Parlance. */
  version: z.string(),
  createdAt: z.iso.datetime(),
  postgres: z.string(),
  /** Fingerprint of the auth secret; null if no server had started. */
  secret: z.string().nullable(),
  migrations: z.array(z.object({ name: z.string(), checksum: sha256 })),
  tables: z.array(
    z.object({
      schema: z.string(),
      name: z.string(),
      columns: z.array(z.string()),
      rows: count,
      file: z.string().regex(/^tables\/[\w.-]+$/),
      bytes: count,
      sha256,
    }),
  ),
  media: z.object({
    storage: z.string(),
    objects: count,
    bytes: count,
    /** Whether the backup contains the bytes. */
    included: z.boolean(),
    /** Objects that were deleted while the backup was written. */
    missing: count,
    list: z.object({ bytes: count, sha256 }),
  }),
})

export type Manifest = z.infer<typeof manifest>
export type TableFile = Manifest['tables'][number]

const name = 'manifest.json'
const checksumOf = (text: string) => createHash('sha256').update(text).digest('hex')

/** Written last: a folder without it is not a backup. */
export async function writeManifest(folder: string, content: Manifest): Promise<void> {
  const text = JSON.stringify(content)
  const file = await open(join(folder, `${name}.part`), 'w', 0o600)
  try {
    await file.writeFile(`${JSON.stringify({ checksum: checksumOf(text), ...content }, null, 1)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(join(folder, `${name}.part`), join(folder, name))
}

export async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, name), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new OperatorError(
      error.code === 'ENOENT'
        ? `${folder} is not a complete backup: it has no ${name}.`
        : `The backup in ${folder} cannot be read: ${error.message}`,
    )
  })
  const { checksum, ...content } = parse(folder, text)
  if (content.format !== 1)
    throw new OperatorError(`The backup in ${folder} has a format that this version does not know.`)
  if (checksum !== checksumOf(JSON.stringify(content))) throw damaged(join(folder, name))
  return manifest.parse(content)
}

function parse(folder: string, text: string): { checksum?: unknown; format?: unknown } {
  try {
    return JSON.parse(text) as { checksum?: unknown }
  } catch {
    throw damaged(join(folder, name))
  }
}

export const damaged = (file: string) =>
  new OperatorError(`${file} is damaged: its checksum is another. Nothing was restored.`)
