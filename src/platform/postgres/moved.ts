import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { OperatorError } from '../operator-error.ts'

export const movedFile = (dataDir: string): string => join(dataDir, 'postgres-moved-to')

/** Marks the embedded database as moved, so that a server without DATABASE_URL does not continue on old data. */
export async function writeMoved(dataDir: string, target: string): Promise<void> {
  await writeFile(movedFile(dataDir), `${target}\n`, { mode: 0o600 })
}

export async function refuseMoved(dataDir: string): Promise<void> {
  const file = movedFile(dataDir)
  const target = await readFile(file, 'utf8').catch(() => null)
  if (target !== null)
    throw new OperatorError(
      `The database of ${dataDir} was moved to ${target.trim()}: set DATABASE_URL, or remove ${file} to use the old one.`,
    )
}
