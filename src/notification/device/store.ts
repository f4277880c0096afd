import { columns } from '../../platform/db/columns.ts'
import type { PushDevice } from '../../platform/db/generated/client.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { defineLoader } from '../../platform/loader.ts'

const fields = [
  'id',
  'userId',
  'sessionId',
  'provider',
  'token',
  'locale',
  'createdAt',
  'removedAt',
] as const satisfies readonly (keyof PushDevice)[]

export type PushDeviceRow = Pick<PushDevice, (typeof fields)[number]>

export const deviceColumns = columns('d', fields)

/** SQL: the device is registered and its session has not ended. */
export const liveDevice = `d.removed_at is null and exists (
  select from session s where s.id = d.session_id and s.ended_at is null and s.expires_at > now())`

export const loadDevice = defineLoader<string, PushDeviceRow>(
  (sql, ids) => sql.query(`select ${deviceColumns} from push_device d where d.id = any($1)`, [ids]),
  (device) => device.id,
)

/** The user's live devices, oldest first. */
export function listDevices(sql: Sql, userId: string): Promise<PushDeviceRow[]> {
  return sql.query(
    `select ${deviceColumns} from push_device d where d.user_id = $1 and ${liveDevice}
     order by d.created_at, d.id`,
    [userId],
  )
}

/** The user's live device with this id, or null. */
export async function findDevice(sql: Sql, userId: string, id: string): Promise<PushDeviceRow | null> {
  const [device] = await sql.query<PushDeviceRow>(
    `select ${deviceColumns} from push_device d where d.id = $1 and d.user_id = $2 and ${liveDevice}`,
    [id, userId],
  )
  return device ?? null
}

/** Removes devices and erases their tokens. Returns the ids of their owners. */
export async function removeDevices(sql: Sql, ids: string[]): Promise<string[]> {
  const rows = await sql.query<{ userId: string }>(
    `update push_device set removed_at = now(), token = null
     where id = any($1::text[]) and removed_at is null returning user_id as "userId"`,
    [ids],
  )
  return [...new Set(rows.map(({ userId }) => userId))]
}

/** The language of the device that was registered last; English without one. */
export async function localeOf(sql: Sql, userId: string): Promise<string> {
  const [row] = await sql.query<{ locale: string }>(
    `select locale from push_device where user_id = $1 and provider not in ('EMAIL', 'SMS')
     order by created_at desc limit 1`,
    [userId],
  )
  return row?.locale ?? 'en'
}
