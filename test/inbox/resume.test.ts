import { expect, test } from 'vitest'
import { Acknowledge } from '../world/operations.ts'
import { useWorld } from '../world/world.ts'
import { Device, type Facts } from './device.ts'
import { randomFrom, Workload } from './workload.ts'

// So small that one of the groups is broadcast, and one has delivery mode SIGNAL.
const world = useWorld({
  LIMIT_IMMEDIATE_GROUP_SIZE: '2',
  LIMIT_INLINE_GROUP_SIZE: '3',
  DIRECT_MESSAGES_FROM: 'everyone',
})

const rounds = 100
const changesEach = 10

async function arrange(seed: number) {
  const [alice, bob, carol, dave, erin] = await world.people('alice', 'bob', 'carol', 'dave', 'erin')
  const direct = await alice.opens(bob)
  const small = await alice.creates('small', [bob, carol])
  const large = await alice.creates('large', [bob, carol, dave, erin])
  expect([small.deliveryMode, large.deliveryMode]).toEqual(['INLINE', 'SIGNAL'])
  const rooms = [
    { id: direct.id, members: [alice, bob] },
    { id: small.id, members: [alice, bob, carol] },
    { id: large.id, members: [alice, bob, carol, dave] },
  ]
  const random = randomFrom(seed)
  return { bob, random, work: new Workload({ rooms, reader: bob, random }) }
}

/** Reads until the device has caught up and `done` is settled, or until a random number of events arrived. */
async function readsSome(device: Device, parts: { facts: Facts; most: number; done: Promise<unknown> }) {
  const { socket } = device
  let isDone = false
  const end = () => {
    isDone = true
    socket.wake()
  }
  parts.done.then(end, end)
  let caughtUp = 0
  for (let count = 0; count < parts.most; count += 1) {
    const event = await device.folds(() => isDone && caughtUp > 0)
    if (!event) break
    if (event.__typename !== 'Checkpoint' || !event.caughtUp) continue
    if (caughtUp === 0) expect(device.missing(parts.facts), 'missing at caughtUp').toEqual([])
    caughtUp += 1
  }
  return caughtUp
}

test('a stream that is disconnected a hundred times resumes by its cursor, and caughtUp is correct', {
  timeout: 120_000,
}, async () => {
  const { bob, random, work } = await arrange(20_261_121)
  const device = await Device.of(bob)
  let checked = 0
  for (let round = 0; round < rounds; round += 1) {
    const facts = new Map(work.facts)
    const done = work.performs(changesEach)
    await device.opens()
    const caughtUp = await readsSome(device, { facts, most: random(2 * changesEach), done })
    if (caughtUp > 0) checked += 1
    device.cut()
    await done
  }
  expect(checked).toBeGreaterThan(rounds / 4)
  await device.opens()
  await device.catchesUp()
  expect(device.missing(work.facts)).toEqual([])
  await device.isComplete()
  device.cut()
})

test('a client that reconnects with its first variables resumes at the acknowledged position', {
  timeout: 60_000,
}, async () => {
  const { bob, random, work } = await arrange(7)
  const device = await Device.of(bob)
  const variables = { after: device.cursor, streamId: 'tab' }
  let acknowledged = ''
  for (let round = 0; round < 20; round += 1) {
    const facts = new Map(work.facts)
    const done = work.performs(changesEach)
    await device.opens(variables)
    await readsSome(device, { facts, most: random(2 * changesEach), done })
    device.cut()
    await done
    if (round % 2 === 0) {
      acknowledged = device.cursor
      await bob.do(Acknowledge, { cursor: acknowledged, streamId: 'tab' })
    }
  }
  await device.opens(variables)
  await device.catchesUp()
  await device.isComplete()

  // An old cursor changes nothing.
  await bob.do(Acknowledge, { cursor: variables.after, streamId: 'tab' })
  await bob.do(Acknowledge, { cursor: device.cursor, streamId: 'tab' })
  await device.opens(variables)
  expect(await messagesRedelivered(device)).toBeLessThan(changesEach)
  device.cut()
})

async function messagesRedelivered(device: Device): Promise<number> {
  for (let count = 0; ; ) {
    const event = await device.folds()
    if (event?.__typename === 'MessagesChanged') count += event.messages.length
    if (event?.__typename === 'Checkpoint') return count
  }
}
