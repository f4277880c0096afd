import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { OperatorError } from '../operator-error.ts'

/** Reads the secret in `file`; creates it on first use, readable by its owner only. */
export async function loadOrCreateSecret(file: string): Promise<string> {
  const found = await read(file)
  if (found) return found

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
  const kept = await read(file)
  if (!kept)
    throw new OperatorError(
      `${file} is empty. Restore it, or remove it to create a new secret, which ends all sessions.`,
    )
  return kept
}

async function read(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
