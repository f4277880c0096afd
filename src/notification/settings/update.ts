import { z } from 'zod'
import { lockAccount, type UserRow } from '../../account/store.ts'
import { type Context, requireViewer } from '../../context.ts'
import { invalidInput } from '../../errors.ts'
import { check } from '../../platform/validation.ts'
import { withTransaction } from '../../transaction.ts'
import { isTimeZone, parseClock } from '../quiet-hours.ts'
import { rescheduleQueued } from './reschedule.ts'
import { loadSettings, type SettingsRow, saveSettings } from './store.ts'

export interface NotificationSettingsInput {
  push?: boolean | null
  email?: boolean | null
  sms?: boolean | null
  showPreview?: boolean | null
  quietFrom?: string | null
  quietTo?: string | null
  timeZone?: string | null
}

const clock = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 22:30')
  .transform(parseClock)
  .nullish()

const inputSchema = z.object({
  quietFrom: clock,
  quietTo: clock,
  timeZone: z.string().refine(isTimeZone, 'must be an IANA time zone such as Europe/Berlin').nullish(),
})

/** Changes the given settings. null removes quiet hours and time zone. */
export async function updateNotificationSettings(
  ctx: Context,
  input: NotificationSettingsInput,
): Promise<UserRow> {
  const { userId } = requireViewer(ctx)
  const wanted = check(inputSchema, input, 'input')

  return withTransaction(ctx, async (tx) => {
    const account = await lockAccount(tx.sql, userId)
    const present = await loadSettings({ sql: tx.sql, loaders: new Map() }, userId)
    const next: SettingsRow = {
      userId,
      push: input.push ?? present.push,
      email: input.email ?? present.email,
      sms: input.sms ?? present.sms,
      showPreview: input.showPreview ?? present.showPreview,
      quietFrom: wanted.quietFrom === undefined ? present.quietFrom : wanted.quietFrom,
      quietTo: wanted.quietTo === undefined ? present.quietTo : wanted.quietTo,
      timeZone: wanted.timeZone === undefined ? present.timeZone : wanted.timeZone,
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
