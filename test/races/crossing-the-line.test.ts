import { expect, test } from 'vitest'
import { Device } from '../inbox/device.ts'
import type { Person } from '../world/person.ts'
import { manyConnections, useWorld } from '../world/world.ts'

// Three members are delivered to by the transaction of a change, four by the worker, five by a signal.
const world = useWorld({
  ...manyConnections,
  LIMIT_IMMEDIATE_GROUP_SIZE: '3',
  LIMIT_INLINE_GROUP_SIZE: '4',
  DIRECT_MESSAGES_FROM: 'everyone',
})

test('a group that crosses the size limit of inline delivery under sends loses no change for any member', async () => {
  const [alice, bob, carol, dave, erin] = await world.people('alice', 'bob', 'carol', 'dave', 'erin')
  const { id } = await alice.creates('breathing', [bob, carol])
  const devices = await Promise.all([alice, bob, carol].map((person) => Device.of(person)))
  for (const device of devices) {
    await device.opens()
    await device.catchesUp()
  }
  const talks = async (sender: Person) => {
    for (let count = 0; count < 6; count += 1) {
      const message = await sender.sends(id, `${count}`)
      if (count % 3 === 0) await sender.edits(message, `${count}, edited`)
    }
  }
  const grows = () => alice.adds(id, dave, erin)
  const shrinks = async () => {
    await alice.removes(id, dave)
    return alice.removes(id, erin)
  }
  const modes = new Set<unknown>()
  for (let crossing = 0; crossing < 10; crossing += 1) {
    const [group] = await Promise.all([crossing % 2 === 0 ? grows() : shrinks(), talks(bob), talks(carol)])
    modes.add('deliveryMode' in group && group.deliveryMode)
    // Nothing follows that could cover up a loss.
    for (const device of devices) await device.becomesComplete()
    const [, reader] = devices
    if (crossing % 4 === 3) await reader?.opens()
  }
  expect(modes).toEqual(new Set(['SIGNAL', 'INLINE']))
  for (const device of devices) device.cut()
})
