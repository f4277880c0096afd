import { z } from 'zod'
import { lockAccount } from '../../account/store.ts'
import { type Context, requireViewer, type Viewer } from '../../context.ts'
import { refuse } from '../../errors.ts'
import type { PushProvider } from '../../platform/db/generated/enums.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { newId } from '../../platform/ids.ts'
import { check, checkAll } from '../../platform/validation.ts'
import { withTransaction } from '../../transaction.ts'
import { hashToken, tokenSchema } from '../provider/token.ts'
import { deviceColumns, listDevices, type PushDeviceRow, removeDevices } from './store.ts'

export interface RegisterPushDeviceInput {
  provider: PushProvider
  token: string
  locale?: string | null
}

const localeSchema = z.string().transform((value, issues) => {
  try {
    return Intl.getCanonicalLocales(value)[0] ?? 'en'
  } catch {
    issues.addIssue('must be a language tag such as zh-CN')
    return z.NEVER
  }
})

/**
 * Registers a token for the viewer's session. A token belongs to whichever user registered it last, so that the
 * previous user of a device does not get notifications there.
 */
export async function registerPushDevice(
  ctx: Context,
  input: RegisterPushDeviceInput,
): Promise<PushDeviceRow> {
  const viewer = requireViewer(ctx)
  const { provider } = input
  const [token, locale] = checkAll(
    () => check(tokenSchema(provider, ctx.config.push), input.token, 'input.token'),
    () => check(localeSchema, input.locale ?? 'en', 'input.locale'),
  )
  const wanted = { provider, token, tokenHash: hashToken(token), locale }

  return withTransaction(ctx, async (tx) => {
    await lockAccount(tx.sql, viewer.userId)
    const present = await holderOf(tx.sql, wanted)
    if (present && isSame(present, viewer, wanted)) return present

    const kept = present?.userId === viewer.userId ? present : null
    if (present && !kept) {
      await removeDevices(tx.sql, [present.id])
      tx.announce({ userId: present.userId, kind: 'me', subjectId: present.userId })
    }
    const device = kept
      ? await moveDevice(tx.sql, kept.id, viewer, locale)
      : await addDevice(tx.sql, viewer, wanted, ctx.config.limits.pushDevices)
    tx.announce({ userId: viewer.userId, kind: 'me', subjectId: viewer.userId })
    return device
  })
}

interface WantedDevice {
  provider: PushProvider
  token: string
  tokenHash: string
  locale: string
}

const isSame = (present: PushDeviceRow, viewer: Viewer, wanted: WantedDevice) =>
  present.userId === viewer.userId &&
  present.sessionId === viewer.sessionId &&
  present.locale === wanted.locale

// Serialises users who register one token at once. Only the locks of the streams come after this one.
async function holderOf(sql: Sql, { provider, tokenHash }: WantedDevice): Promise<PushDeviceRow | null> {
  await sql.query(`select pg_advisory_xact_lock(hashtextextended($1, 0))::text`, [`${provider} ${tokenHash}`])
  const [device] = await sql.query<PushDeviceRow>(
    `select ${deviceColumns} from push_device d
     where d.provider = $1::push_provider and d.token_hash = $2 and d.removed_at is null for update`,
    [provider, tokenHash],
  )
  return device ?? null
}

async function moveDevice(sql: Sql, id: string, viewer: Viewer, locale: string): Promise<PushDeviceRow> {
  const [device] = await sql.query<PushDeviceRow>(
    `update push_device d set session_id = $2, locale = $3 where d.id = $1 returning ${deviceColumns}`,
    [id, viewer.sessionId, locale],
  )
  return device as PushDeviceRow
}

async function addDevice(
  sql: Sql,
  viewer: Viewer,
  wanted: WantedDevice,
  limit: number,
): Promise<PushDeviceRow> {
  const { length } = await listDevices(sql, viewer.userId)
  if (length >= limit) throw refuse('LIMIT_EXCEEDED', `A user has at most ${limit} push devices.`, { limit })
  const { provider, token, tokenHash, locale } = wanted
  const [device] = await sql.query<PushDeviceRow>(
    `insert into push_device as d (id, user_id, session_id, provider, token, token_hash, locale)
     values ($1, $2, $3, $4::push_provider, $5, $6, $7) returning ${deviceColumns}`,
    [newId(), viewer.userId, viewer.sessionId, provider, token, tokenHash, locale],
  )
  return device as PushDeviceRow
}
