import { crc32 } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { refusal } from '../world/client.ts'
import { Inbox } from '../world/inbox.ts'
import { Acknowledge } from '../world/operations.ts'
import type { Person } from '../world/person.ts'
import { useWorld } from '../world/world.ts'

const world = useWorld()

/** The same cursor with one of its parts changed, and the sum that belongs to it. */
function forged(cursor: string, place: number, part: string): string {
  const parts = Buffer.from(cursor, 'base64url').toString().split('|').slice(0, -1)
  parts[place] = part
  const text = parts.join('|')
  return Buffer.from(`${text}|${crc32(text).toString(36)}`).toString('base64url')
}

async function expectNoUse(person: Person, cursor: string) {
  expect(await refusal(person.do(Acknowledge, { cursor }))).toBe('INVALID_INPUT')
  expect(await refusal(person.sync(cursor))).toBe('CONFLICT')
  const inbox = new Inbox(person.socket(), { after: cursor })
  await inbox.sees('ResyncRequired')
  expect(await inbox.ended).toBeNull()
  expect(inbox.events).toHaveLength(1)
}

describe('a cursor is of no use', () => {
  test('to anybody else, to another history, or damaged', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    const cursor = await alice.syncCursor()
    expect((await alice.sync(cursor)).hasMore).toBe(false)
    await expectNoUse(bob, cursor)
    await expectNoUse(alice, forged(cursor, 2, 'another history'))
    await expectNoUse(alice, forged(cursor, 0, '0'))
    await expectNoUse(alice, cursor.slice(1))
  })

  test.each([
    ['no number', 3, 'x'],
    ['a part of a number', 3, '1.5'],
    ['less than nothing', 3, '-1'],
    ['more than can be counted', 3, '2147483648'],
    ['far more', 3, '1e30'],
    ['no number of a transaction', 4, 'x'],
  ])('that was made up, with %s in it', async (_what, place, part) => {
    const alice = await world.person('alice')
    await expectNoUse(alice, forged(await alice.syncCursor(), place, part))
  })
})
