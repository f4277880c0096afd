const minutesADay = 24 * 60

export interface QuietHours {
  quietFrom: number | null
  quietTo: number | null
  /** null is UTC. */
  timeZone: string | null
}

/** End of the current quiet hours, which may span midnight; null outside quiet hours. */
export function quietUntil(hours: QuietHours, now: Date): Date | null {
  const { quietTo } = hours
  if (quietTo === null || !isQuiet(hours, now)) return null
  const timeZone = hours.timeZone ?? 'UTC'
  const { minutes, seconds } = wallClock(now, timeZone)
  const left = minutesBetween(minutes, quietTo)
  const until = new Date(now.getTime() + (left * 60 - seconds) * 1_000 - now.getMilliseconds())
  // A change to or from summer time in between moves the end.
  const late = minutesBetween(quietTo, wallClock(until, timeZone).minutes)
  const early = late > minutesADay / 2 ? late - minutesADay : late
  const corrected = new Date(until.getTime() - early * 60_000)
  // The clock skips the end on that day.
  return isQuiet(hours, corrected) ? until : corrected
}

function isQuiet({ quietFrom, quietTo, timeZone }: QuietHours, at: Date): boolean {
  if (quietFrom === null || quietTo === null) return false
  const { minutes } = wallClock(at, timeZone ?? 'UTC')
  return minutesBetween(quietFrom, minutes) < minutesBetween(quietFrom, quietTo)
}

const minutesBetween = (from: number, to: number): number => (to - from + minutesADay) % minutesADay

function wallClock(now: Date, timeZone: string): { minutes: number; seconds: number } {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(now)
  const part = (type: string) => Number(parts.find((each) => each.type === type)?.value ?? 0)
  return { minutes: part('hour') * 60 + part('minute'), seconds: part('second') }
}

/**
 * SQL: until when a user's quiet hours make a claimed row wait; now if they are no longer those of the claim. The lock
 * orders it with their change: it sees an earlier one, and a later one decides again what waits.
 */
export const waitInQuietHours = ({ until, user, from, to, zone }: Record<WaitParameter, string>): string => `
  case when (
    select (n.quiet_from, n.quiet_to, n.time_zone) is distinct from (${from}::integer, ${to}::integer, ${zone}::text)
    from notification_settings n where n.user_id = ${user} for share)
  then clock_timestamp() else ${until} end`

type WaitParameter = 'until' | 'user' | 'from' | 'to' | 'zone'
