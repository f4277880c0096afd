import type { Services } from '../context.ts'
import { provisionUser } from './provider/provision.ts'
import type { Access } from './tokens.ts'

/** Who holds this access token; UNAUTHENTICATED when it is not good or its session has ended. */
export async function authenticate(services: Services, accessToken: string): Promise<Access> {
  const access = services.auth.provider?.issued(accessToken)
    ? await provisionUser(services, services.auth.provider, accessToken)
    : await services.auth.tokens.verifyAccess(accessToken)
  await services.auth.sessions.assertLive(access.viewer)
  return access
}

/** Whether the token itself is good, whatever has become of its session. */
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
