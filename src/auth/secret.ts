import { join } from 'node:path'
import type { Config } from '../config.ts'
import { loadOrCreateSecret } from '../platform/files/load-or-create-secret.ts'

/** The secret from which the keys of tokens and links are derived. */
export async function authSecret({ authSecret, dataDir }: Config): Promise<string> {
  return authSecret ?? loadOrCreateSecret(join(dataDir, 'auth-secret'))
}
