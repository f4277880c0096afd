import { describe, expect, test } from 'vitest'
import { blocks, unfriends } from '../contact/verbs.ts'
import { refusal } from '../world/client.ts'
import { eventually } from '../world/eventually.ts'
import { useWorld } from '../world/world.ts'
import { setsPresence, types, typist, watchesTyping } from './verbs.ts'

const typingMs = 6_000
// Indicators expire and are published again when a test lets time pass.
let now = Date.now()
/** Time between an end and the next start. */
const pauseMs = 250
const passes = (ms: number) => {
  now += ms
}
const world = useWorld(
  { LIMIT_TYPING_MS: String(typingMs), LIMIT_INLINE_GROUP_SIZE: '3' },
  { typingClock: () => now },
)

describe('typing', () => {
  test('reaches the other member, in one conversation or in all, and expires', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const [{ id }, other] = [await alice.opens(bob), await carol.opens(bob)]
    const [here, anywhere] = [await watchesTyping(bob, id), await watchesTyping(bob)]
    await types(carol, other.id)
    await anywhere.sees(typist(carol, true))
    passes(1)
    expect(await types(alice, id)).toBe(true)
    for (const log of [here, anywhere]) {
      const begun = await log.sees(typist(alice, true))
      expect(begun.conversationId).toBe(id)
      expect(Date.parse(begun.expiresAt)).toBe(now + typingMs)
    }
    passes(typingMs - 1)
    await anywhere.sees(typist(carol, false))
    expect(anywhere.events, 'hers expires a millisecond later').toHaveLength(3)
    passes(1)
    for (const log of [here, anywhere]) await log.sees(typist(alice, false))
  })

  test('is published once for frequent calls, and again after a third of its duration', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const log = await watchesTyping(bob, id)
    await Promise.all(Array.from({ length: 20 }, () => types(alice, id)))
    passes(typingMs / 3 - 1)
    await types(alice, id)
    passes(1)
    await types(alice, id)
    await eventually(() => expect(log.events).toHaveLength(2))
    const [begun, again] = log.events.map(({ expiresAt }) => Date.parse(expiresAt))
    expect([begun, again]).toEqual([now + (typingMs * 2) / 3, now + typingMs])
    expect(log.events.every(typist(alice, true))).toBe(true)
  })

  test('ends with typing: false, and when the message is sent', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const log = await watchesTyping(bob, id)
    await types(alice, id)
    await log.sees(typist(alice, true))
    await alice.sends(id, 'the typed text')
    await log.sees(typist(alice, false))

    passes(pauseMs)
    await types(alice, id)
    await log.sees(typist(alice, true), 2)
    await types(alice, id, false)
    await log.sees(typist(alice, false), 3)
  })

  test('is not delivered to devices of the typing user', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const [own, others] = [await watchesTyping(await alice.onAnotherDevice()), await watchesTyping(bob)]
    await types(alice, id)
    await others.sees(typist(alice, true))
    await types(bob, id)
    await own.sees(typist(bob, true))
    expect(own.events).toHaveLength(1)
  })
})

describe('typing is delivered', () => {
  test('to members only', async () => {
    const [alice, bob, carol, eve] = await world.people('alice', 'bob', 'carol', 'eve')
    const { id } = await alice.creates('trio', [bob, carol])
    expect(await refusal(types(eve, id))).toBe('NOT_FOUND')
    expect(await refusal(types(eve, 'group_nowhere'))).toBe('NOT_FOUND')
    const refused = await watchesTyping(eve, id)
    expect(await refusal(refused.sees(() => true))).toBe('NOT_FOUND')

    const [bobs, carols] = [await watchesTyping(bob, id), await watchesTyping(carol)]
    await types(alice, id)
    await Promise.all([bobs.sees(typist(alice, true)), carols.sees(typist(alice, true))])
    await alice.removes(id, bob)
    passes(typingMs)
    await carols.sees(typist(alice, false))
    await types(carol, id)
    await types(alice, id)
    await carols.sees(typist(alice, true), 2)
    expect(bobs.events, 'nothing after the removal, not even the end').toHaveLength(1)
    expect(await refusal(types(bob, id))).toBe('NOT_FOUND')
  })

  test('to neither side of a block', async () => {
    const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
    const { id } = await alice.creates('trio', [bob, carol])
    await blocks(bob, alice)
    const [bobs, carols, alices] = [
      await watchesTyping(bob),
      await watchesTyping(carol),
      await watchesTyping(alice),
    ]
    expect(await types(alice, id)).toBe(true)
    await types(bob, id)
    await carols.sees(typist(alice, true))
    await carols.sees(typist(bob, true))
    await types(carol, id)
    await Promise.all([bobs.sees(typist(carol, true)), alices.sees(typist(carol, true))])
    expect(bobs.events).toHaveLength(1)
    expect(alices.events).toHaveLength(1)
  })

  test('neither in large groups nor where the user may not send', async () => {
    const [alice, bob, carol, dave] = await world.friends('alice', 'bob', 'carol', 'dave')
    const { id } = await alice.creates('large', [bob, carol, dave])
    expect(await types(alice, id)).toBe(false)
    const small = await alice.creates('small', [bob], { postingPolicy: 'ADMINS' })
    expect(await types(alice, small.id)).toBe(true)
    expect(await types(bob, small.id)).toBe(false)

    const direct = await alice.opens(bob)
    const log = await watchesTyping(bob, direct.id)
    expect(await types(alice, direct.id)).toBe(true)
    await log.sees(typist(alice, true))
    await blocks(bob, alice)
    await log.sees(typist(alice, false))
    passes(typingMs / 3)
    expect(await types(alice, direct.id)).toBe(false)
    expect(log.events).toHaveLength(2)
  })

  test('for no invisible user', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const log = await watchesTyping(bob, id)
    await setsPresence(alice, 'OFFLINE')
    expect(await types(alice, id)).toBe(true)
    await setsPresence(alice, 'ONLINE')
    passes(typingMs / 3)
    await types(alice, id)
    await log.sees(typist(alice, true))
    expect(log.events).toHaveLength(1)
  })
})

describe('an explicit end of typing', () => {
  test('is delivered at once, however soon it follows', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const log = await watchesTyping(bob, id)
    await types(alice, id)
    await log.sees(typist(alice, true))
    await types(alice, id, false)
    await log.sees(typist(alice, false))
  })

  test('is delivered in all conversations for a user who becomes invisible on any device, and for no other user', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const phone = await alice.onAnotherDevice()
    const [direct, group] = [await alice.opens(bob), await alice.creates('trio', [bob, carol])]
    const [bobs, carols] = [await watchesTyping(bob), await watchesTyping(carol, group.id)]
    await Promise.all([types(alice, direct.id), types(alice, group.id), types(carol, group.id)])
    await carols.sees(typist(alice, true))
    await eventually(() => expect(bobs.events).toHaveLength(3))

    await setsPresence(phone, 'OFFLINE')
    await carols.sees(typist(alice, false))
    await eventually(() => expect(bobs.events.filter(typist(alice, false))).toHaveLength(2))
    expect(bobs.events.filter(typist(carol, false)), 'she still types').toEqual([])

    await setsPresence(phone, 'ONLINE')
    await types(alice, group.id)
    await carols.sees(typist(alice, true), 2)
  })

  test('is delivered to both sides of a new block, and to no other member', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const { id } = await alice.creates('trio', [bob, carol])
    const [alices, bobs, carols] = [
      await watchesTyping(alice),
      await watchesTyping(bob),
      await watchesTyping(carol),
    ]
    await Promise.all([types(alice, id), types(bob, id)])
    await Promise.all([
      alices.sees(typist(bob, true)),
      bobs.sees(typist(alice, true)),
      carols.sees(typist(alice, true)),
      carols.sees(typist(bob, true)),
    ])
    await blocks(bob, alice)
    await Promise.all([alices.sees(typist(bob, false)), bobs.sees(typist(alice, false))])
    expect(carols.events).toHaveLength(2)
  })

  test('is delivered for a user who loses the permission to send', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const [direct, group] = [await alice.opens(bob), await alice.creates('trio', [bob, carol])]
    const log = await watchesTyping(bob)
    await Promise.all([types(alice, direct.id), types(carol, group.id), types(alice, group.id)])
    await eventually(() => expect(log.events).toHaveLength(3))
    await alice.removes(group.id, carol)
    await log.sees(typist(carol, false))
    await unfriends(alice, bob)
    expect((await log.sees(typist(alice, false))).conversationId).toBe(direct.id)
    expect(log.events).toHaveLength(5)
  })
})
