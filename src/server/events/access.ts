import type { IncomingMessage } from 'node:http'
import { authenticate } from '../../auth/authenticate.ts'
import type { Access } from '../../auth/tokens.ts'
import type { Services } from '../../context.ts'
import { Refusal, unauthenticated } from '../../errors.ts'
import { Deadline } from '../../platform/time/deadline.ts'
import { answerTooLate } from '../execution/executor.ts'
import { bearerToken } from '../http/graphql.ts'
import { asHttpRefusal } from '../http/media.ts'

/** The viewer of a request and until when; null without a token. */
export async function accessOf(services: Services, { headers }: IncomingMessage): Promise<Access | null> {
  const { authorization } = headers
  if (authorization === undefined) return null
  const token = bearerToken(authorization)
  if (token === null)
    throw unauthenticated('MISSING', 'The Authorization header must be "Bearer" and an access token.')
  const deadline = new Deadline(services.config.limits.requestDeadlineMs)
  return deadline.race(authenticate(services, token), () => Promise.reject(answerTooLate()))
}

/** Refuses a request without a valid token by its status. */
export async function requireAccess(services: Services, request: IncomingMessage): Promise<Access> {
  const access = await accessOf(services, request).catch(asHttpRefusal)
  return access ?? asHttpRefusal(unauthenticated('MISSING', 'Sign in first.'))
}

/** Whether a client that connects again would be refused again. */
export const isFinal = (error: unknown): error is Refusal =>
  error instanceof Refusal && (error.code === 'SUSPENDED' || error.details.reason === 'ENDED')
