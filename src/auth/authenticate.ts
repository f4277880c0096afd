import type { Services } from '../context.ts'
import { provisionUser } from './provider/provision.ts'
import type { Access } from './tokens.ts'

/** The viewer of an access token; UNAUTHENTICATED if the token is invalid or its session has ended. */
export async function authenticate(services: Services, accessToken: string): Promise<Access> {
  const access = services.auth.provider?.issued(accessToken)
    ? await provisionUser(services, services.auth.provider, accessToken)
    : await services.auth.tokens.verifyAccess(accessToken)
  await services.auth.sessions.assertLive(access.viewer)
  return access
}

/** Whether the token itself is valid, even if its session has ended. */
export async function isTokenValid(
  { auth: { provider, tokens } }: Services,
  accessToken: string,
): Promise<boolean> {
  const checking = provider?.issued(accessToken)
    ? provider.verify(accessToken)
    : tokens.verifyAccess(accessToken)
  return checking.then(
    () => true,
    () => false,
  )
}
