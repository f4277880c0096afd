import type { Services, Viewer } from '../context.ts'

/** Who holds this access token; UNAUTHENTICATED when it is not good or its session has ended. */
export async function authenticate(
  services: Pick<Services, 'tokens' | 'sessions'>,
  accessToken: string,
): Promise<{ viewer: Viewer; accessTokenExpiresAt: Date }> {
  const { viewer, expiresAt } = await services.tokens.verifyAccess(accessToken)
  await services.sessions.assertLive(viewer)
  return { viewer, accessTokenExpiresAt: expiresAt }
}
