import { describe, expect, test } from 'vitest'
import { deletesAccount } from '../../auth/verbs.ts'
import type { RichTextPartInput } from '../../generated/graphql.ts'
import { refusalOf } from '../../world/client.ts'
import { liveEqualsRefetch } from '../../world/mirror.ts'
import type { Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import { partsOf, rewrites } from '../verbs.ts'

const world = useWorld({ LIMIT_INLINE_GROUP_SIZE: '4' })

const naming = (...people: Person[]): RichTextPartInput[] =>
  people.map((person) => ({ mention: { userId: person.id, displayText: `@${person.name}` } }))

const all: RichTextPartInput[] = [{ mentionAll: { displayText: '@all' } }]

const says = (person: Person, id: string, parts: RichTextPartInput[]) =>
  person.sendsContent(id, { richText: { parts: [...parts, { text: ' look' }] } })

/** The number of unread messages that mention a user, and the seq of the next one. */
async function mentions(
  person: Person,
  id: string,
): Promise<[number | undefined, number | null | undefined]> {
  const membership = (await person.conversation(id))?.membership
  return [membership?.unreadMentionCount, membership?.nextMentionSeq]
}

describe('unread mentions', () => {
  test('are counted live for mentioned users until they are read', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const phone = await bob.onAnotherDevice('phone')
    const { id } = await alice.creates('team', [bob, carol])
    const people = [alice, bob, phone, carol]

    const one = await liveEqualsRefetch(people, () => says(alice, id, naming(bob)))
    const two = await liveEqualsRefetch(people, () => says(alice, id, all))
    expect(await mentions(bob, id)).toEqual([2, one.seq])
    expect(await mentions(carol, id)).toEqual([1, two.seq])
    expect(await mentions(alice, id)).toEqual([0, null])
    await liveEqualsRefetch(people, () => bob.reads(id, one.seq))
    expect(await mentions(bob, id)).toEqual([1, two.seq])
    await liveEqualsRefetch(people, () => bob.sends(id, 'I saw it'))
    expect(await mentions(bob, id)).toEqual([0, null])
  })

  test('follow an edit that adds and removes mentions', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const { id } = await alice.creates('team', [bob, carol])
    const message = await says(alice, id, naming(bob))
    const people = [alice, bob, carol]

    await liveEqualsRefetch(people, () => rewrites(alice, message, naming(carol)))
    expect(await mentions(bob, id)).toEqual([0, null])
    expect(await mentions(carol, id)).toEqual([1, message.seq])
    await liveEqualsRefetch(people, () => rewrites(alice, message, all))
    expect(await mentions(bob, id)).toEqual([1, message.seq])
    await liveEqualsRefetch(people, () => alice.edits(message, 'never mind'))
    expect(await mentions(bob, id)).toEqual([0, null])
    expect(await mentions(carol, id)).toEqual([0, null])
  })

  test('are removed by a recall', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const { id } = await alice.creates('team', [bob, carol])
    const [one, two] = [await says(alice, id, naming(bob)), await says(alice, id, all)]
    await liveEqualsRefetch([alice, bob, carol], () => alice.recalls(one))
    await liveEqualsRefetch([alice, bob, carol], () => alice.recalls(two))
    expect(await mentions(bob, id)).toEqual([0, null])
    expect(await mentions(carol, id)).toEqual([0, null])
  })

  test('are counted since the user last joined', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.creates('team', [bob], { historyVisibility: 'ALL' })
    await says(alice, id, naming(bob))
    await alice.removes(id, bob)
    await says(alice, id, all)
    await alice.adds(id, bob)
    expect(await mentions(bob, id)).toEqual([0, null])
    const { seq } = await says(alice, id, naming(bob))
    expect(await mentions(bob, id)).toEqual([1, seq])
  })

  test('are counted in a large group, too', async () => {
    const [alice, bob, ...others] = await world.friends('alice', 'bob', 'carol', 'dave', 'erin')
    const { id, deliveryMode } = await alice.creates('crowd', [bob, ...others])
    expect(deliveryMode).toBe('SIGNAL')
    const one = await liveEqualsRefetch([alice, bob], () => says(alice, id, naming(bob)))
    await liveEqualsRefetch([alice, bob], () => says(alice, id, all))
    expect(await mentions(bob, id)).toEqual([2, one.seq])
    await liveEqualsRefetch([alice, bob], () => rewrites(alice, one, naming(alice)))
    expect(await mentions(bob, id)).toEqual([1, one.seq + 1])
  })
})

test('a mention part has its user until the account is deleted', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await alice.creates('team', [bob])
  const message = await alice.sendsContent(id, { richText: { parts: [...naming(bob), ...all] } })

  expect(await partsOf(alice, message)).toEqual([
    { text: '@bob', all: false, user: { id: bob.id } },
    { text: '@all', all: true, user: null },
  ])
  await deletesAccount(bob)
  expect(await partsOf(alice, message)).toMatchObject([
    { text: '@bob', all: false, user: null },
    { all: true },
  ])
})

test('an edit may keep the mention of a former member, but not add one', async () => {
  const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
  const { id } = await alice.creates('team', [bob])
  const message = await says(alice, id, naming(bob))
  await alice.removes(id, bob)

  expect((await rewrites(alice, message, [...naming(bob), { text: '!' }])).plainText).toBe('@bob!')
  const refused = await refusalOf(rewrites(alice, message, naming(carol)))
  expect(refused).toMatchObject({
    code: 'INVALID_INPUT',
    extensions: { issues: [{ path: 'input.content.richText' }] },
  })
})
