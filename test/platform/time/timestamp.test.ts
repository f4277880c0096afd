import fc from 'fast-check'
import pg from 'pg'
import { expect, test } from 'vitest'
import { parseTimestamp, timestamptz } from '../../../src/platform/time/timestamp.ts'

const parse = pg.types.getTypeParser(timestamptz)

test('timestamps as PostgreSQL writes them are parsed as pg parses them', () => {
  for (const text of [
    '2026-11-28 22:10:03.125+00',
    '2026-11-28 22:10:03.1+00',
    '2026-11-28 22:10:03.02+00',
    '2026-11-28 22:10:03+00',
    '2024-02-29 23:59:59.999+00',
    '2026-11-28 22:10:03.123456+00',
    '2026-11-28 22:10:03+05:30',
    '0001-01-01 00:00:00+00',
    '0099-12-31 00:00:00+00',
    '12026-11-28 22:10:03+00',
    '0044-03-15 10:00:00+00 BC',
    'infinity',
    '-infinity',
  ])
    expect(parseTimestamp(text), text).toEqual(parse(text))
})

test('every instant of the years 0100 to 9999 is parsed', () => {
  const instants = fc.date({
    min: new Date('0100-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59.999Z'),
    noInvalidDate: true,
  })
  fc.assert(
    fc.property(instants, (instant) => {
      const text = instant
        .toISOString()
        .replace('T', ' ')
        .replace(/\.?0*Z$/, '+00')
      expect(parseTimestamp(text)).toEqual(instant)
    }),
  )
})
