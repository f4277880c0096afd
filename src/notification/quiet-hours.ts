const minutesADay = 24 * 60

/** `HH:MM` as minutes after midnight. */
export function readClock(text: string): number {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3))
}

export function writeClock(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

export interface QuietHours {
  quietFrom: number | null
  quietTo: number | null
  /** null is UTC. */
  timeZone: string | null
}

/** When the quiet hours end that hold at this moment; null when none do. They may reach over midnight. */
export function quietUntil({ quietFrom, quietTo, timeZone }: QuietHours, now: Date): Date | null {
  if (quietFrom === null || quietTo === null || quietFrom === quietTo) return null
  const { minutes, seconds } = wallClock(now, timeZone ?? 'UTC')
  const since = (from: number) => (minutes - from + minutesADay) % minutesADay
  if (since(quietFrom) >= (quietTo - quietFrom + minutesADay) % minutesADay) return null
  // On the day that clocks are changed this is an hour off; whoever waits looks again then.
  const left = (quietTo - minutes + minutesADay) % minutesADay
  return new Date(now.getTime() + (left * 60 - seconds) * 1_000 - now.getMilliseconds())
}

function wallClock(now: Date, timeZone: string): { minutes: number; seconds: number } {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(now)
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value ?? 0)
  return { minutes: part('hour') * 60 + part('minute'), seconds: part('second') }
}
