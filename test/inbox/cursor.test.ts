import { crc32 } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { refusal } from '../world/client.ts'
import { Inbox } from '../world/inbox.ts'
import { Acknowledge } from '../world/operations.ts'
import type { Person } from '../world/person.ts'
import { useWorld } from '../world/world.ts'

const world = useWorld()

/** A cursor with one part replaced, and a correct checksum. */
function forged(cursor: string, place: number, part: string): string {
  const parts = Buffer.from(cursor, 'base64url').toString().split('|').slice(0, -1)
  parts[place] = part
  const text = parts.join('|')
  return Buffer.from(`${text}|${crc32(text).toString(36)}`).toString('base64url')
}

async function expectRejected(person: Person, cursor: string) {
  expect(await refusal(person.do(Acknowledge, { cursor }))).toBe('INVALID_INPUT')
  expect(await refusal(person.sync(cursor))).toBe('CONFLICT')
  const inbox = new Inbox(person.socket(), { after: cursor })
  await inbox.sees('ResyncRequired')
  expect(await inbox.ended).toBeNull()
  expect(inbox.events).toHaveLength(1)
}

describe('a cursor is rejected', () => {
  test('if it belongs to another user, history or format, or is damaged', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    const cursor = await alice.syncCursor()
    expect((await alice.sync(cursor)).hasMore).toBe(false)
    await expectRejected(bob, cursor)
    await expectRejected(alice, forged(cursor, 2, 'another history'))
    await expectRejected(alice, forged(cursor, 0, '0'))
    await expectRejected(alice, cursor.slice(1))
  })

  test.each([
    ['not a number', 3, 'x'],
    ['a fraction', 3, '1.5'],
    ['a negative number', 3, '-1'],
    ['a number above 2³¹ − 1', 3, '2147483648'],
    ['a number above 2⁵³', 3, '1e30'],
    ['a tick that is not a number', 4, 'x'],
  ])('if it is forged, with %s', async (_what, place, part) => {
    const alice = await world.person('alice')
    await expectRejected(alice, forged(await alice.syncCursor(), place, part))
  })
})
