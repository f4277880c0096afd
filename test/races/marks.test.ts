import { expect, test } from 'vitest'
import { pinned, pins, reactionLines, reacts, unreacts } from '../message/verbs.ts'
import { Refused } from '../world/client.ts'
import { manyConnections, useWorld } from '../world/world.ts'

const world = useWorld({ ...manyConnections, DIRECT_MESSAGES_FROM: 'everyone', LIMIT_PINNED_MESSAGES: '2' })

const rounds = 12

test('the same reaction from two devices at once is stored once', async () => {
  const [alice, bob] = await world.people('alice', 'bob')
  const phone = await bob.onAnotherDevice('phone')
  const { id } = await alice.opens(bob)
  for (let round = 0; round < rounds; round += 1) {
    const message = await alice.sends(id, `${round}`)
    const [one, other] = await Promise.all([reacts(bob, message, '👍'), reacts(phone, message, '👍')])
    expect(one.version).toBe(other.version)
    expect(one.version).toBe(message.version + 1)
    expect(await reactionLines(alice, message)).toEqual(['👍 1 bob'])
    await Promise.all([unreacts(bob, message, '👍'), unreacts(phone, message, '👍')])
    expect(await bob.conversation(id)).toMatchObject({ version: message.version + 2 })
  }
})

test('a recalled message keeps no reaction or pin that was added concurrently', async () => {
  const [alice, bob] = await world.people('alice', 'bob')
  const { id } = await alice.creates('team', [bob])
  const outcomes = { before: 0, after: 0 }
  const bothWays = () => Math.min(outcomes.before, outcomes.after) > 0
  // Until both orders have occurred; otherwise the test proves nothing.
  for (let round = 0; round < rounds * 2 || !bothWays(); round += 1) {
    const message = await alice.sends(id, `SECRET ${round}`)
    const marks = [pins(alice, message), reacts(bob, message, '👍')]
    const recall = alice.recalls(message)
    for (const outcome of await Promise.allSettled(round % 2 ? marks : [...marks].reverse()))
      if (outcome.status === 'fulfilled') outcomes.before += 1
      else {
        expect(outcome.reason).toBeInstanceOf(Refused)
        expect(outcome.reason).toMatchObject({ code: 'CONFLICT' })
        outcomes.after += 1
      }
    await recall
    expect((await bob.message(message.id))?.reactions).toEqual([])
    expect(await pinned(bob, id)).toEqual([])
  }
})

test('the limit of reactions holds against concurrent reactions', async () => {
  const [alice, bob] = await world.people('alice', 'bob')
  const { id } = await alice.creates('team', [bob])
  const messages = await Promise.all(['1', '2', '3', '4'].map((text) => bob.sends(id, text)))
  const outcomes = await Promise.allSettled(messages.map((message) => pins(alice, message)))
  const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.code] : []))
  expect(refused).toEqual(['LIMIT_EXCEEDED', 'LIMIT_EXCEEDED'])
  expect(await pinned(bob, id)).toHaveLength(2)
})
