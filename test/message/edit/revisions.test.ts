import { expect, test } from 'vitest'
import { inDatabase } from '../../auth/verbs.ts'
import { refusalOf } from '../../world/client.ts'
import { liveEqualsRefetch } from '../../world/mirror.ts'
import { useWorld } from '../../world/world.ts'
import { earlierTexts, revisionsOf } from '../verbs.ts'

const world = useWorld({ LIMIT_EDITS_PER_MESSAGE: '3' })

test('earlier texts are readable by the sender and the admins of the group only', async () => {
  const [alice, bob, carol, dave] = await world.friends('alice', 'bob', 'carol', 'dave')
  const { id } = await alice.creates('edits', [bob, carol, dave])
  await alice.appoints(id, dave, 'ADMIN')
  const message = await bob.sends(id, 'frist')
  expect(await earlierTexts(bob, message)).toEqual([])

  await liveEqualsRefetch([alice, bob, carol], () => bob.edits(message, 'first'))
  const edited = await bob.edits(message, 'first!')
  await bob.edits(message, 'first!')

  for (const person of [alice, bob, dave])
    expect(await earlierTexts(person, message), person.name).toEqual(['frist', 'first'])
  expect(await earlierTexts(carol, message)).toEqual([])
  const [one, other] = (await revisionsOf(bob, message)) ?? []
  expect(other?.replacedAt).toBe(edited.editedAt)
  expect(Date.parse(one?.replacedAt ?? '')).toBeLessThan(Date.parse(other?.replacedAt ?? ''))

  await alice.appoints(id, dave, 'MEMBER')
  expect(await earlierTexts(dave, message)).toEqual([])
  await alice.removes(id, bob)
  expect(await earlierTexts(bob, message)).toBeNull()
})

test('in a direct conversation earlier texts are readable by the sender only', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const message = await alice.sends((await alice.opens(bob)).id, 'one')
  await alice.edits(message, 'two')
  expect(await earlierTexts(alice, message)).toEqual(['one'])
  expect(await earlierTexts(bob, message)).toEqual([])
})

test('earlier texts keep their kind and mentions', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await alice.opens(bob)
  const message = await alice.sendsContent(id, {
    richText: { parts: [{ mention: { userId: bob.id, displayText: '@bob' } }, { text: ' look' }] },
  })
  await alice.edits(message, 'never mind')
  expect(await earlierTexts(alice, message)).toEqual(['@bob look'])
})

test('a recall erases the earlier texts', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await alice.creates('recalls', [bob])
  const message = await bob.sends(id, 'SECRET one')
  await bob.edits(message, 'SECRET two')
  await alice.recalls(message)
  expect(await earlierTexts(alice, message)).toEqual([])
  expect(await earlierTexts(bob, message)).toEqual([])
  const left = await inDatabase(
    world,
    `select content::text from message_revision where conversation_id = $1`,
    [id],
  )
  expect(left).toEqual([])
})

test('an edit beyond the limit is refused with LIMIT_EXCEEDED, and an equal text does not count', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const message = await alice.sends((await alice.opens(bob)).id, '0')
  for (const text of ['1', '2', '3']) await alice.edits(message, text)
  expect((await alice.edits(message, '3')).plainText).toBe('3')
  const refused = await refusalOf(alice.edits(message, '4'))
  expect(refused).toMatchObject({ code: 'LIMIT_EXCEEDED', extensions: { limit: 3 } })
  expect(await earlierTexts(alice, message)).toEqual(['0', '1', '2'])
})
