import { hkdfSync } from 'node:crypto'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import type { Sql } from '../platform/db/sql.ts'
import { loadOrCreateSecret, readSecret } from '../platform/files/load-or-create-secret.ts'
import { OperatorError } from '../platform/operator-error.ts'

type SecretConfig = Pick<Config, 'authSecret' | 'authSecretAccepted' | 'dataDir' | 'authSecretReplaces'>

/** The secret that signs, and those whose signatures are accepted, too. */
export type AuthSecrets = [string, ...string[]]

const fileIn = (dataDir: string) => join(dataDir, 'auth-secret')

/** The secrets from which the keys of tokens and links are derived. */
export async function authSecrets(config: SecretConfig): Promise<AuthSecrets> {
  const { authSecret, authSecretAccepted, dataDir } = config
  const secret = authSecret ?? (await loadOrCreateSecret(fileIn(dataDir)))
  return authSecretAccepted ? [secret, authSecretAccepted] : [secret]
}

/**
 * The same, if one of them is the secret that the database is used with. With another one all sessions would end, so it
 * is only accepted if `AUTH_SECRET_REPLACES` names the fingerprint of the previous secret.
 */
export async function verifiedAuthSecrets(config: SecretConfig, sql: Sql, log: Logger): Promise<AuthSecrets> {
  const known = await readFingerprint(sql)
  const { authSecret, authSecretAccepted, authSecretReplaces } = config
  const isAccepted = authSecretAccepted !== undefined && fingerprintOf(authSecretAccepted) === known
  const mayReplace = known === null || authSecretReplaces === known || isAccepted
  if (!authSecret && !mayReplace) await requireFile(fileIn(config.dataDir), known)
  const secrets = await authSecrets(config)
  const fingerprint = fingerprintOf(secrets[0])
  if (known === fingerprint) return secrets
  if (!mayReplace) throw otherSecret('The auth secret is not the one', known)
  const stored = await storeFingerprint(sql, fingerprint, known)
  if (stored !== fingerprint) throw otherSecret('The auth secret is not the one', stored)
  if (isAccepted) log.info({ previous: known, fingerprint }, 'auth secret rotated, sessions continue')
  else if (known) log.warn({ previous: known, fingerprint }, 'auth secret replaced, all sessions ended')
  return secrets
}

/** Fingerprints of the configured secrets. The file with a generated one is not created. */
export async function configuredFingerprints(config: SecretConfig): Promise<string[]> {
  const secret = config.authSecret ?? (await readSecret(fileIn(config.dataDir)))
  return [secret, config.authSecretAccepted].flatMap((each) => (each ? [fingerprintOf(each)] : []))
}

const fingerprintOf = (secret: string) =>
  Buffer.from(hkdfSync('sha256', secret, '', 'parlance fingerprint', 8)).toString('hex')

async function readFingerprint(sql: Sql): Promise<string | null> {
  const [row] = await sql.query<{ fingerprint: string }>('select fingerprint from auth_secret')
  return row?.fingerprint ?? null
}

const store = `
  insert into auth_secret (fingerprint) values ($1)
  on conflict (id) do update set fingerprint = excluded.fingerprint, since = now()
    where auth_secret.fingerprint = $2`

/** Returns the stored fingerprint, which may be that of a server that started at the same time. */
async function storeFingerprint(sql: Sql, fingerprint: string, replaced: string | null): Promise<string> {
  await sql.query(store, [fingerprint, replaced])
  return (await readFingerprint(sql)) ?? ''
}

async function requireFile(file: string, fingerprint: string): Promise<void> {
  await access(file).catch(() => {
    throw otherSecret(`${file} is missing, with the auth secret`, fingerprint)
  })
}

const otherSecret = (fault: string, fingerprint: string) =>
  new OperatorError(
    `${fault} that this database is used with: restore it, or set AUTH_SECRET_REPLACES=${fingerprint} to replace it, which ends all sessions.`,
  )
