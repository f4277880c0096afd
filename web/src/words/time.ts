import { language, words } from './language.ts'

const format = (options: Intl.DateTimeFormatOptions, at: Date) =>
  new Intl.DateTimeFormat(language.value, options).format(at)

const dayOf = (at: Date) => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime()
const daysAgo = (at: Date) => Math.round((dayOf(new Date()) - dayOf(at)) / 86_400_000)

export const isSameDay = (a: string, b: string): boolean => dayOf(new Date(a)) === dayOf(new Date(b))

export const timeOf = (at: string): string => format({ hour: '2-digit', minute: '2-digit' }, new Date(at))

/** The day of a separator. */
export function dayName(at: string): string {
  const date = new Date(at)
  const days = daysAgo(date)
  if (days === 0) return words.value.today
  if (days === 1) return words.value.yesterday
  const year = date.getFullYear() === new Date().getFullYear() ? undefined : 'numeric'
  return format({ weekday: 'long', day: 'numeric', month: 'long', year }, date)
}

export const dateOf = (at: string): string =>
  format({ day: 'numeric', month: 'long', year: 'numeric' }, new Date(at))

/** The time today, the day of this week, or the date, as short as a row needs. */
export function shortTime(at: string): string {
  const date = new Date(at)
  const days = daysAgo(date)
  if (days === 0) return timeOf(at)
  if (days === 1) return words.value.yesterday
  return Math.abs(days) < 7
    ? format({ weekday: 'short' }, date)
    : format({ day: 'numeric', month: 'short' }, date)
}
