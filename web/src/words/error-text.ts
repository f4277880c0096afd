import { isParlanceError } from '@parlance/client'
import { words } from './language.ts'

/** What the viewer reads about an error: faults of the input in the words of the server, all others by their code. */
export function errorText(error: unknown): string {
  if (!isParlanceError(error)) return error instanceof Error ? error.message : String(error)
  if (error.code === 'INVALID_INPUT')
    return error.issues.map(({ message }) => message).join(' ') || error.message
  return words.value.errors[error.code] ?? error.message
}
