import { describe, expect, test } from 'vitest'
import { blocks } from '../../contact/verbs.ts'
import { refusal, refusalOf } from '../../world/client.ts'
import { liveEqualsRefetch } from '../../world/mirror.ts'
import { useWorld } from '../../world/world.ts'
import { pinned, pins, unpins } from '../verbs.ts'

const world = useWorld({ LIMIT_PINNED_MESSAGES: '2' })

describe('pinning', () => {
  test('a pin reaches every member, with a system message that quotes the message', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const phone = await bob.onAnotherDevice('phone')
    const { id } = await alice.creates('house', [bob, carol])
    const rules = await carol.sends(id, 'the rules')
    const menu = await carol.sends(id, 'the menu')

    const answer = await liveEqualsRefetch([alice, bob, phone, carol], () => pins(alice, rules))
    expect(answer).toEqual(rules)
    await pins(alice, menu)

    expect(await pinned(bob, id)).toEqual(['the menu', 'the rules'])
    const said = (await bob.history(id))?.at(-2)
    expect(said).toMatchObject({
      content: { event: 'MESSAGE_PINNED', actor: { id: alice.id } },
      quote: { id: rules.id },
    })
    expect((await bob.conversation(id))?.membership.unreadCount).toBe(2)
    await liveEqualsRefetch([alice, bob, phone, carol], () => unpins(alice, menu))
    expect(await pinned(carol, id)).toEqual(['the rules'])
  })

  test('repeating a pin or an unpin changes nothing', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.creates('house', [bob])
    const message = await bob.sends(id, 'once')
    await unpins(alice, message)
    expect((await alice.conversation(id))?.maxSeq).toBe(message.seq)
    await pins(alice, message)
    await pins(alice, message)
    expect((await alice.conversation(id))?.maxSeq).toBe(message.seq + 1)
    expect(await pinned(bob, id)).toEqual(['once'])
  })

  test('a pinned message shows edits, and a recall unpins it', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.creates('house', [bob])
    const message = await bob.sends(id, 'SECRET')
    await pins(alice, message)
    await bob.edits(message, 'SECRET two')
    expect(await pinned(alice, id)).toEqual(['SECRET two'])
    await liveEqualsRefetch([alice, bob], () => bob.recalls(message))
    expect(await pinned(alice, id)).toEqual([])
    expect(JSON.stringify([await alice.history(id), await alice.conversation(id)])).not.toContain('SECRET')
  })

  test('a pin beyond the limit is refused until one is removed', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.creates('house', [bob])
    const [one, two, three] = [await bob.sends(id, '1'), await bob.sends(id, '2'), await bob.sends(id, '3')]
    await pins(alice, one)
    await pins(alice, two)
    const refused = await refusalOf(pins(alice, three))
    expect(refused).toMatchObject({ code: 'LIMIT_EXCEEDED', extensions: { limit: 2 } })
    await pins(alice, two)
    await unpins(alice, one)
    await pins(alice, three)
    expect(await pinned(bob, id)).toEqual(['3', '2'])
  })
})

describe('who may pin', () => {
  test('in a group owner and admins may pin any message that users sent and that is not recalled', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const mallory = await world.person('mallory')
    const { id } = await alice.creates('house', [bob, carol])
    const message = await carol.sends(id, 'mine')
    const recalled = await carol.sends(id, 'gone')
    const [system] = (await alice.history(id)) ?? []
    await carol.recalls(recalled)

    expect(await refusal(pins(carol, message))).toBe('FORBIDDEN')
    expect(await refusal(pins(mallory, message))).toBe('NOT_FOUND')
    expect(await refusal(pins(alice, system as { id: string }))).toBe('FORBIDDEN')
    expect(await refusal(pins(alice, recalled))).toBe('CONFLICT')
    await alice.appoints(id, bob, 'ADMIN')
    await pins(bob, message)
    expect(await refusal(unpins(carol, message))).toBe('FORBIDDEN')
    expect(await refusal(unpins(mallory, message))).toBe('NOT_FOUND')
    await unpins(bob, message)
    expect(await pinned(carol, id)).toEqual([])
  })

  test('in a direct conversation both users may pin while they may write to each other', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const message = await alice.sends(id, 'the address')
    await liveEqualsRefetch([alice, bob], () => pins(bob, message))
    expect(await pinned(alice, id)).toEqual(['the address'])
    await blocks(alice, bob)
    expect(await refusal(unpins(bob, message))).toBe('NOT_FRIENDS')
    expect(await refusal(unpins(alice, message))).toBe('BLOCKED')
  })
})

test('a new member sees the pinned messages of their visible history only', async () => {
  const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
  const { id } = await alice.creates('house', [bob], { historyVisibility: 'SINCE_JOINED' })
  const before = await bob.sends(id, 'before')
  await pins(alice, before)
  await alice.adds(id, carol)
  const after = await bob.sends(id, 'after')
  await liveEqualsRefetch([alice, carol], () => pins(alice, after))

  expect(await pinned(bob, id)).toEqual(['after', 'before'])
  expect(await pinned(carol, id)).toEqual(['after'])
  expect(await refusal(unpins(carol, before))).toBe('NOT_FOUND')
})
