import { GraphQLError, Kind, type ValueNode } from 'graphql'
import { formatClock, isTimeZone, parseClock } from '../time/clock.ts'
import { builder } from './builder.ts'

const instant = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.\d{1,9})?(?:Z|[+-](\d{2}):(\d{2}))$/

function parseInstant(value: unknown): Date {
  const parts = typeof value === 'string' ? value.match(instant) : null
  if (!parts) throw new GraphQLError('A DateTime must have the form 2026-01-31T09:30:00.000Z.')
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, offsetHour = 0, offsetMinute = 0] =
    parts.slice(1).map((part) => Number(part ?? 0))
  // Date itself moves a day that does not exist, such as 30 February, to the next month.
  const lastDay = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate()
  const exists = month >= 1 && month <= 12 && day >= 1 && day <= lastDay
  if (!exists || hour > 23 || minute > 59 || second > 59 || offsetHour > 23 || offsetMinute > 59)
    throw new GraphQLError('A DateTime must be a date and time that exist.')
  const date = new Date(parts[0])
  const utcYear = date.getUTCFullYear()
  if (year < 1 || utcYear < 1 || utcYear > 9_999)
    throw new GraphQLError('A DateTime must be in the years 0001 to 9999.')
  return date
}

function parseJsonObject(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new GraphQLError('A JSONObject must be an object.')
  return value as Record<string, unknown>
}

function literalValue(node: ValueNode, variables?: Record<string, unknown> | null): unknown {
  switch (node.kind) {
    case Kind.OBJECT:
      return Object.fromEntries(
        node.fields.map((field) => [field.name.value, literalValue(field.value, variables)]),
      )
    case Kind.LIST:
      return node.values.map((item) => literalValue(item, variables))
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value)
    case Kind.NULL:
      return null
    case Kind.VARIABLE:
      return variables?.[node.name.value]
    default:
      return node.value
  }
}

function parseUrl(value: unknown): string {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : null
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw new GraphQLError('A URL must be absolute, with http or https.')
  return value as string
}

function parseLocalTime(value: unknown): number {
  const minutes = typeof value === 'string' ? parseClock(value) : null
  if (minutes === null) throw new GraphQLError('A LocalTime must have the form 22:30.')
  return minutes
}

function parseTimeZone(value: unknown): string {
  if (typeof value !== 'string' || !isTimeZone(value))
    throw new GraphQLError('A TimeZone must be an IANA time zone such as Europe/Berlin.')
  return value
}

const parseText = (name: string) => (value: unknown) => {
  if (typeof value !== 'string') throw new GraphQLError(`A ${name} must be a string.`)
  return value
}

builder.scalarType('DateTime', {
  description:
    'An ISO-8601 instant in the years 0001 to 9999, such as 2026-01-31T09:30:00.000Z. Output is in UTC with milliseconds.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize: (value) => value.toISOString(),
  parseValue: parseInstant,
})

builder.scalarType('URL', {
  description: 'An absolute URL with http or https.',
  specifiedByURL: 'https://url.spec.whatwg.org/',
  serialize: (value) => value,
  parseValue: parseUrl,
})

builder.scalarType('LocalTime', {
  description: 'A time of day without a zone, HH:MM from 00:00 to 23:59.',
  specifiedByURL: 'https://www.iso.org/iso-8601-date-and-time-format.html',
  serialize: formatClock,
  parseValue: parseLocalTime,
})

builder.scalarType('TimeZone', {
  description: 'The name of a time zone in the IANA database, such as Asia/Shanghai.',
  specifiedByURL: 'https://www.iana.org/time-zones',
  serialize: (value) => value,
  parseValue: parseTimeZone,
})

builder.scalarType('SyncCursor', {
  description:
    'An opaque position in the stream of changes of the viewer. Clients store the last one received.',
  serialize: (value) => value,
  parseValue: parseText('SyncCursor'),
})

builder.scalarType('JSONObject', {
  description: 'A JSON object of at most 16 KiB.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
  serialize: (value) => value,
  parseValue: parseJsonObject,
  parseLiteral: (node, variables) => parseJsonObject(literalValue(node, variables)),
})
