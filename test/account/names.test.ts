import { expect, test } from 'vitest'
import { remarks } from '../contact/verbs.ts'
import { refusal } from '../world/client.ts'
import { Login } from '../world/operations.ts'
import { type Person, passwordOf } from '../world/person.ts'
import { useWorld } from '../world/world.ts'
import { updatesProfile } from './verbs.ts'

const world = useWorld({ GROUP_ADDITIONS_FROM: 'everyone' })

const disruptive = {
  'a line break': 'Bob\nAdmin',
  'an escape sequence': 'Bob\u001b[2J',
  'a change of direction': 'Bob\u202etxt.exe',
  'an isolate': 'Bob\u2067evil\u2069',
  'a paragraph separator': 'Bob\u2029Admin',
  'a blank of Braille': '\u2800',
  'blanks of Braille': '\u2800 \u2800',
  'a Hangul filler': '\u3164',
  'a zero-width space': '\u200b',
  'a null notehead': '\u{1d159}',
  'a hieroglyphic blank': '\u{13441}',
  'half a hieroglyphic blank': '\u{13442}',
  'a Khitan filler': '\u{16fe4}',
  'a Brahmi joiner': '\u{1107f}',
  'a mark without a letter': ' \u0301',
}
const fine = ['👨‍👩‍👧', 'می‌خواهم', 'Ⅷ ⠓⠑⠽', 'Zoë']

async function everyName(
  alice: Person,
  bob: Person,
): Promise<Record<string, (name: string) => Promise<unknown>>> {
  const { id } = await alice.creates('group', [bob])
  const device = (name: string) => ({ name, platform: 'IOS' as const })
  return {
    'a display name': (displayName) => updatesProfile(alice, { displayName }),
    'the name of a new group': (name) => alice.creates(name, []),
    'the name of a group': (name) => alice.changesGroup(id, { name }),
    'a nickname': (nickname) => alice.changesView(id, { nickname }),
    'a remark': (name) => remarks(alice, bob, name),
    'the name of a device': (name) =>
      alice.do(Login, {
        input: { handle: alice.handle, password: passwordOf(alice.handle), device: device(name) },
      }),
    'the name in a mention': (displayText) =>
      alice.sendsContent(id, { richText: { parts: [{ mention: { userId: bob.id, displayText } }] } }),
  }
}

test('every name shown to others rejects control characters, bidi controls and invisible text', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  for (const [what, give] of Object.entries(await everyName(alice, bob))) {
    for (const [why, name] of Object.entries(disruptive))
      expect([what, why, await refusal(give(name))]).toEqual([what, why, 'INVALID_INPUT'])
    for (const name of fine) await give(name)
  }
})

test('an empty nickname or remark clears it', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await alice.creates('group', [bob])
  await alice.changesView(id, { nickname: 'Al' })
  expect((await alice.changesView(id, { nickname: '' })).nickname).toBeNull()
  await remarks(alice, bob, 'Bobby')
  expect((await remarks(alice, bob, '')).remark).toBeNull()
})
