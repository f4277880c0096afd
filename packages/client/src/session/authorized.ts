import { errorWith, isParlanceError } from '../errors.ts'
import type { Document } from '../generated/documents.ts'
import type { Request } from '../transport/http.ts'

interface Holder {
  accessToken(): Promise<string | null>
  refused(accessToken: string): void
}

/** Performs operations of the signed-in user. A token that the server no longer accepts is replaced once. */
export function authorized(request: Request, session: Holder) {
  return async function perform<Data, Variables>(
    document: Document<Data, Variables>,
    variables: Variables,
  ): Promise<Data> {
    for (let repeated = false; ; repeated = true) {
      const token = await session.accessToken()
      if (!token) throw errorWith('UNAUTHENTICATED', 'Sign in first.', { reason: 'MISSING' })
      try {
        return await request(document, variables, token)
      } catch (error) {
        if (repeated || !isParlanceError(error) || error.code !== 'UNAUTHENTICATED') throw error
        session.refused(token)
      }
    }
  }
}
