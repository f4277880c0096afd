import { describe, expect, test } from 'vitest'
import { quietUntil } from '../../../src/notification/quiet-hours.ts'
import { parseClock } from '../../../src/platform/time/clock.ts'
import { graphql } from '../../generated/gql.ts'
import { refusal, refusalOf } from '../../world/client.ts'
import { liveEqualsRefetch } from '../../world/mirror.ts'
import { useWorld } from '../../world/world.ts'
import { changesNotificationSettings } from '../verbs.ts'

const world = useWorld()

const WebPushKey = graphql(`
  query WebPushKey {
    serverInfo {
      webPushPublicKey
      capabilities {
        pushProviders
      }
    }
  }
`)

const defaults = {
  push: true,
  email: true,
  sms: false,
  showPreview: true,
  quietFrom: null,
  quietTo: null,
  timeZone: null,
}

describe('notification settings', () => {
  test('have defaults; an update changes only the given fields, on all devices', async () => {
    const alice = await world.person('alice')
    expect((await alice.me()).notificationSettings).toEqual(defaults)

    const night = { quietFrom: '22:30', quietTo: '07:00', timeZone: 'Asia/Shanghai' }
    const first = await liveEqualsRefetch([alice], () =>
      changesNotificationSettings(alice, { ...night, push: false }),
    )
    expect(first).toEqual({ ...defaults, ...night, push: false })

    const second = await changesNotificationSettings(alice, { sms: true, showPreview: false })
    expect(second).toEqual({ ...first, sms: true, showPreview: false })
    const cleared = await changesNotificationSettings(alice, {
      quietFrom: null,
      quietTo: null,
      timeZone: null,
    })
    expect(cleared).toEqual({ ...defaults, push: false, sms: true, showPreview: false })
  })

  test.each([
    [{ quietFrom: '24:00', quietTo: '07:00' }, ['input.quietFrom']],
    [{ quietFrom: '7:00', quietTo: '07:00' }, ['input.quietFrom']],
    [{ quietFrom: '07:00', quietTo: '7' }, ['input.quietTo']],
    [{ quietFrom: '22:00' }, ['input.quietTo']],
    [{ quietTo: '22:00' }, ['input.quietFrom']],
    [{ timeZone: 'Europe/Nowhere' }, ['input.timeZone']],
    [{ timeZone: '' }, ['input.timeZone']],
  ])('reject %j', async (input, paths) => {
    const alice = await world.person('alice')
    const refused = await refusalOf(changesNotificationSettings(alice, input))
    expect(refused.code).toBe('INVALID_INPUT')
    expect((refused.extensions.issues as { path: string }[]).map(({ path }) => path)).toEqual(paths)
    expect((await alice.me()).notificationSettings).toEqual(defaults)
  })

  test('reject quiet hours without a start or an end', async () => {
    const alice = await world.person('alice')
    await changesNotificationSettings(alice, { quietFrom: '22:00', quietTo: '07:00' })
    expect(await refusal(changesNotificationSettings(alice, { quietTo: null }))).toBe('INVALID_INPUT')
    expect((await changesNotificationSettings(alice, { quietTo: '08:00' })).quietTo).toBe('08:00')
  })
})

test('serverInfo lists no push providers without one', async () => {
  const alice = await world.person('alice')
  const { serverInfo } = await alice.do(WebPushKey, {})
  expect(serverInfo.webPushPublicKey).toBeNull()
  expect(serverInfo.capabilities.pushProviders).toEqual([])
})

describe('quiet hours', () => {
  const until = (from: string, to: string, timeZone: string | null, now: string) =>
    quietUntil(
      { quietFrom: parseClock(from), quietTo: parseClock(to), timeZone },
      new Date(now),
    )?.toISOString() ?? null

  test.each([
    ['22:00', '07:00', 'UTC', '2026-01-10T21:59:59.999Z', null],
    ['22:00', '07:00', 'UTC', '2026-01-10T22:00:00.000Z', '2026-01-11T07:00:00.000Z'],
    ['22:00', '07:00', null, '2026-01-11T06:59:59.999Z', '2026-01-11T07:00:00.000Z'],
    ['22:00', '07:00', 'UTC', '2026-01-11T07:00:00.000Z', null],
    ['12:00', '13:00', 'UTC', '2026-01-11T12:30:10.500Z', '2026-01-11T13:00:00.000Z'],
    ['22:00', '07:00', 'Asia/Shanghai', '2026-01-10T15:00:00.000Z', '2026-01-10T23:00:00.000Z'],
    ['22:00', '07:00', 'Asia/Kolkata', '2026-01-10T16:29:00.000Z', null],
    ['22:00', '07:00', 'America/New_York', '2026-01-11T03:00:00.000Z', '2026-01-11T12:00:00.000Z'],
    ['09:00', '09:00', 'UTC', '2026-01-11T09:00:00.000Z', null],
    // The nights in which clocks go forward and back.
    ['22:00', '07:00', 'Europe/Berlin', '2026-03-28T21:30:00.000Z', '2026-03-29T05:00:00.000Z'],
    ['22:00', '07:00', 'Europe/Berlin', '2026-03-29T04:59:59.999Z', '2026-03-29T05:00:00.000Z'],
    ['22:00', '07:00', 'Europe/Berlin', '2026-10-24T20:30:00.000Z', '2026-10-25T06:00:00.000Z'],
    ['22:00', '07:00', 'Europe/Berlin', '2026-10-25T05:59:59.999Z', '2026-10-25T06:00:00.000Z'],
    ['22:00', '07:00', 'America/New_York', '2026-03-08T04:00:00.000Z', '2026-03-08T11:00:00.000Z'],
    ['23:00', '02:30', 'Europe/Berlin', '2026-03-28T22:30:00.000Z', '2026-03-29T01:30:00.000Z'],
    ['02:30', '03:30', 'Europe/Berlin', '2026-03-29T01:10:00.000Z', '2026-03-29T01:30:00.000Z'],
  ])('from %s to %s in %s, at %s, end at the right time', (from, to, timeZone, now, end) => {
    expect(until(from, to, timeZone, now)).toBe(end)
  })
})
