import { lockAccount, type UserRow } from '../../account/store.ts'
import { type Context, requireViewer } from '../../context.ts'
import { invalidInput } from '../../errors.ts'
import { Loaded } from '../../platform/loader.ts'
import { withTransaction } from '../../transaction.ts'
import { rescheduleQueued } from './reschedule.ts'
import { loadSettings, type SettingsRow, saveSettings } from './store.ts'

export interface NotificationSettingsInput {
  push?: boolean | null
  email?: boolean | null
  sms?: boolean | null
  showPreview?: boolean | null
  quietFrom?: number | null
  quietTo?: number | null
  timeZone?: string | null
}

/** Changes the given settings. null removes quiet hours and time zone. */
export async function updateNotificationSettings(
  ctx: Context,
  input: NotificationSettingsInput,
): Promise<UserRow> {
  const { userId } = requireViewer(ctx)

  return withTransaction(ctx, async (tx) => {
    const account = await lockAccount(tx.sql, userId)
    const present = await loadSettings({ sql: tx.sql, loaders: new Loaded() }, userId)
    const next: SettingsRow = {
      userId,
      push: input.push ?? present.push,
      email: input.email ?? present.email,
      sms: input.sms ?? present.sms,
      showPreview: input.showPreview ?? present.showPreview,
      quietFrom: input.quietFrom === undefined ? present.quietFrom : input.quietFrom,
      quietTo: input.quietTo === undefined ? present.quietTo : input.quietTo,
      timeZone: input.timeZone === undefined ? present.timeZone : input.timeZone,
    }
    if ((next.quietFrom === null) !== (next.quietTo === null))
      throw invalidInput({
        path: next.quietFrom === null ? 'input.quietFrom' : 'input.quietTo',
        message: 'must be set if the other is: quiet hours have a start and an end',
      })
    if (JSON.stringify(next) === JSON.stringify(present)) return account

    await saveSettings(tx.sql, next)
    if (quietHoursDiffer(next, present)) await rescheduleQueued(tx.sql, userId, ctx.config.limits)
    tx.announce({ userId, kind: 'me', subjectId: userId })
    return account
  })
}

const quietHoursDiffer = (next: SettingsRow, present: SettingsRow): boolean =>
  next.quietFrom !== present.quietFrom ||
  next.quietTo !== present.quietTo ||
  next.timeZone !== present.timeZone
