import type { Slice } from '../slice.ts'
import { createPasswords, type PasswordHashing, type Passwords } from './password/hashing.ts'
import { createIdentityProvider, type IdentityProvider } from './provider/provider.ts'
import { verifiedAuthSecrets } from './secret.ts'
import { createSessionCache, type SessionCache } from './session/cache.ts'
import { purgeEndedSessions } from './session/purge-ended.ts'
import { createTokens, type Tokens } from './tokens.ts'

declare module '../context.ts' {
  interface Services {
    auth: {
      passwords: Passwords
      tokens: Tokens
      /** The operator's own identity provider; null if there is none. */
      provider: IdentityProvider | null
      sessions: SessionCache
    }
  }
}

declare module '../slice.ts' {
  interface Overrides {
    /** Replaces the cost of password hashing. */
    passwordHashing?: PasswordHashing
  }
}

export const auth: Slice = {
  name: 'auth',
  async open({ config, log, sql, bus }, _hooks, { passwordHashing }) {
    return {
      service: {
        auth: {
          passwords: createPasswords(passwordHashing),
          tokens: createTokens(await verifiedAuthSecrets(config, sql, log), config),
          provider: config.provider && createIdentityProvider(config.provider, log),
          sessions: createSessionCache({ sql, bus }),
        },
      },
      tasks: () => ({ purgeEndedSessions: purgeEndedSessions({ sql, config }) }),
    }
  },
}
