import { expect, test } from 'vitest'
import { useWorld } from '../world/world.ts'
import { Device } from './device.ts'
import { randomFrom, Workload } from './workload.ts'

const world = useWorld({
  LIMIT_INLINE_GROUP_SIZE: '3',
  DIRECT_MESSAGES_FROM: 'everyone',
  LIMIT_STALL_MS: '300000',
  // A client that does not read sends no pongs.
  LIMIT_PING_MS: '300000',
})

test('a client that stops reading for hundreds of changes receives all of them afterwards', {
  timeout: 90_000,
}, async () => {
  const [alice, bob, carol, dave] = await world.people('alice', 'bob', 'carol', 'dave')
  const rooms = [
    { id: (await alice.opens(bob)).id, members: [alice, bob] },
    { id: (await alice.creates('small', [bob, carol])).id, members: [alice, bob, carol] },
    { id: (await alice.creates('large', [bob, carol, dave])).id, members: [alice, carol, dave] },
  ]
  const work = new Workload({ rooms, reader: bob, random: randomFrom(3) })
  const device = await Device.of(bob)
  await device.opens()
  await device.catchesUp()

  device.socket.stopsReading()
  await work.performs(600)
  device.socket.readsOn()
  await device.becomesComplete()
  expect(device.missing(work.facts)).toEqual([])
  device.cut()
})
