import { constants } from 'node:fs'
import { access, mkdir } from 'node:fs/promises'
import { OperatorError } from '../operator-error.ts'

interface Uses {
  authSecret: string | undefined
  databaseUrl: string | undefined
  media: { s3: object | null }
}

/** What DATA_DIR is needed for, each with the setting that replaces it. */
export function usesOfDataDir({ authSecret, databaseUrl, media }: Uses): string[] {
  return [
    ...(authSecret ? [] : ['the auth secret (or set AUTH_SECRET)']),
    ...(databaseUrl ? [] : ['the embedded database (or set DATABASE_URL)']),
    ...(media.s3 ? [] : ['uploads (or set S3_URL)']),
  ]
}

/** Creates a folder, or throws an OperatorError that says why it cannot be used and what to do. */
export async function requireWritableFolder(folder: string, needs: readonly string[]): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o711 })
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new OperatorError(
      `The folder ${folder} is not writable (${code}). Set DATA_DIR to a writable one; it is needed for ${needs.join(', ')}.`,
      { cause: error },
    )
  }
}
