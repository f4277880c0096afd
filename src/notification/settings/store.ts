import { columns } from '../../platform/db/columns.ts'
import type { NotificationSettings } from '../../platform/db/generated/client.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { defineLoader } from '../../platform/loader.ts'

const fields = [
  'userId',
  'push',
  'email',
  'sms',
  'showPreview',
  'quietFrom',
  'quietTo',
  'timeZone',
] as const satisfies readonly (keyof NotificationSettings)[]

/** Notification settings of a user. */
export type SettingsRow = Pick<NotificationSettings, (typeof fields)[number]>

/** Settings of a user who has not changed them. */
export const defaultSettings: Omit<SettingsRow, 'userId'> = {
  push: true,
  email: true,
  sms: false,
  showPreview: true,
  quietFrom: null,
  quietTo: null,
  timeZone: null,
}

const loadRow = defineLoader<string, SettingsRow>(
  (sql, userIds) =>
    sql.query(`select ${columns('n', fields)} from notification_settings n where n.user_id = any($1)`, [
      userIds,
    ]),
  (row) => row.userId,
)

export async function loadSettings(ctx: Parameters<typeof loadRow>[0], userId: string): Promise<SettingsRow> {
  return (await loadRow(ctx, userId)) ?? { userId, ...defaultSettings }
}

export async function saveSettings(sql: Sql, settings: SettingsRow): Promise<void> {
  const { userId, push, email, sms, showPreview, quietFrom, quietTo, timeZone } = settings
  await sql.query(
    `insert into notification_settings (user_id, push, email, sms, show_preview, quiet_from, quiet_to, time_zone)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (user_id) do update
       set push = excluded.push, email = excluded.email, sms = excluded.sms, show_preview = excluded.show_preview,
           quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to, time_zone = excluded.time_zone`,
    [userId, push, email, sms, showPreview, quietFrom, quietTo, timeZone],
  )
}
