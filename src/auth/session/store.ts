import { arrayOf, columns } from '../../platform/db/columns.ts'
import type { Session } from '../../platform/db/generated/client.ts'
import type { Platform } from '../../platform/db/generated/enums.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { defineLoader } from '../../platform/loader.ts'

const fields = [
  'id',
  'userId',
  'deviceName',
  'platform',
  'lastSeenAt',
  'createdAt',
] as const satisfies readonly (keyof Session)[]

export type SessionRow = Pick<Session, (typeof fields)[number]>

export const sessionColumns = columns('s', fields)

const active = 's.ended_at is null and s.expires_at > now()'

export const loadSession = defineLoader<string, SessionRow>(
  (sql, ids) =>
    sql.query(`select ${sessionColumns} from session s where s.id = any(${arrayOf(1, 'text')})`, [ids]),
  (session) => session.id,
)

export const loadActiveSession = defineLoader<string, SessionRow>(
  (sql, ids) =>
    sql.query(
      `select ${sessionColumns} from session s where s.id = any(${arrayOf(1, 'text')}) and ${active}`,
      [ids],
    ),
  (session) => session.id,
)

// Only scripts that sign in without a device id have more sessions.
export const sessionsMax = 100

/** The active sessions of a user, last seen first. */
export function listSessions(sql: Sql, userId: string): Promise<SessionRow[]> {
  return sql.query(
    `select ${sessionColumns} from session s where s.user_id = $1 and ${active}
     order by s.last_seen_at desc, s.id desc limit ${sessionsMax}`,
    [userId],
  )
}

/** Whether the user has signed in on this device before; limited by how long ended sessions are kept. */
export async function isKnownDevice(sql: Sql, userId: string, deviceId: string | null): Promise<boolean> {
  const known = await sql.query(`select from session where user_id = $1 and device_id = $2 limit 1`, [
    userId,
    deviceId,
  ])
  return known.length > 0
}

export interface NewSession {
  id: string
  userId: string
  deviceId: string | null
  deviceName: string
  platform: Platform
  tokenHash: string
  lifeDays: number
}

export async function insertSession(sql: Sql, session: NewSession): Promise<SessionRow> {
  const { id, userId, deviceId, deviceName, platform, tokenHash, lifeDays } = session
  const [row] = await sql.query<SessionRow>(
    `insert into session as s (id, user_id, device_id, device_name, platform, token_hash, expires_at)
     values ($1, $2, $3, $4, $5::platform, $6, now() + make_interval(days => $7::integer))
     returning ${sessionColumns}`,
    [id, userId, deviceId, deviceName, platform, tokenHash, lifeDays],
  )
  return row as SessionRow
}
