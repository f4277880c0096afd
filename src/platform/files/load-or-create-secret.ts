import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { OperatorError } from '../operator-error.ts'

const lengthMin = 32

/** Reads the secret in `file`; creates it on first use, readable by its owner only. */
export async function loadOrCreateSecret(file: string): Promise<string> {
  const found = await readSecret(file)
  if (found) return accepted(found, file)

  await mkdir(dirname(file), { recursive: true, mode: 0o711 })
  const draft = `${file}.${process.pid}`
  try {
    await writeFile(draft, `${randomBytes(48).toString('base64url')}\n`, { mode: 0o600 })
    // Unlike a rename, a link does not overwrite the file of another process.
    await link(draft, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  } finally {
    await rm(draft, { force: true })
  }
  const kept = await readSecret(file)
  return accepted(kept ?? '', file)
}

/** Tokens signed with a truncated secret could be forged. */
function accepted(secret: string, file: string): string {
  if (secret.length >= lengthMin) return secret
  const fault = secret === '' ? 'is empty' : `has fewer than ${lengthMin} characters`
  throw new OperatorError(
    `${file} ${fault}. Restore it, or remove it to create a new secret, which ends all sessions.`,
  )
}

/** undefined if there is no such file. */
export async function readSecret(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
