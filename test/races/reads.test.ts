import { expect, test } from 'vitest'
import { Device } from '../inbox/device.ts'
import { randomFrom } from '../inbox/workload.ts'
import type { Person } from '../world/person.ts'
import { manyConnections, useWorld } from '../world/world.ts'
import { wholeHistory } from './history.ts'

const world = useWorld({ ...manyConnections, DIRECT_MESSAGES_FROM: 'everyone' })

type Membership = Awaited<ReturnType<Person['reads']>>

test('read positions of two devices under sends never decrease, and counts stay exact', async () => {
  const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
  const { id } = await alice.creates('busy', [bob, carol])
  const devices = [bob, await bob.onAnotherDevice()]
  const inbox = await bob.listens()
  const views = await Promise.all(devices.map((device) => Device.of(device)))
  for (const view of views) await view.opens()

  const random = randomFrom(5)
  const stored: number[] = []
  const answers: { began: number; ended: number; least: number; membership: Membership }[] = []
  let newest = 0
  let isOver = false
  const sends = async (sender: Person) => {
    for (let count = 0; count < 40; count += 1) {
      const { seq } = await sender.sends(id, `${count}`)
      stored.push(seq)
      newest = Math.max(newest, seq)
      // A system message has a number but does not count as unread.
      if (count % 10 === 0) await alice.changesGroup(id, { name: `busy ${sender.name} ${count}` })
    }
  }
  const marks = async (device: Person) => {
    while (!isOver) {
      const began = performance.now()
      const least = stored.length
      const membership = await device.reads(id, random(newest + 5))
      answers.push({ began, ended: performance.now(), least, membership })
    }
  }
  const over = Promise.all([sends(alice), sends(carol)]).finally(() => {
    isOver = true
  })
  await Promise.all([over, ...devices.map(marks)])

  const counted = (await wholeHistory(bob, id)).filter((message) => message.sender !== null)
  const countAt = (seq: number) => counted.filter((message) => message.seq <= seq).length
  expect(answers.length).toBeGreaterThan(20)
  for (const { least, membership } of answers) {
    const { readSeq, readCount, unreadCount } = membership
    expect(readCount).toBe(countAt(readSeq))
    expect(readCount + unreadCount).toBeGreaterThanOrEqual(least)
    expect(readCount + unreadCount).toBeLessThanOrEqual(counted.length)
  }
  for (const earlier of answers)
    for (const { began, membership } of answers)
      if (earlier.ended < began) expect(membership.readSeq).toBeGreaterThanOrEqual(earlier.membership.readSeq)

  const { seq } = await alice.sends(id, 'the last')
  await inbox.sees('MessagesChanged', (event) => event.maxSeq === seq)
  const received = inbox.events.flatMap((event) =>
    event.__typename === 'ConversationChanged' ? [event.conversation] : [],
  )
  let before = 0
  for (const { membership, messageCount } of received) {
    expect(membership.unreadCount).toBe(messageCount - membership.readCount)
    expect(membership.readCount).toBe(countAt(membership.readSeq))
    expect(membership.readSeq).toBeGreaterThanOrEqual(before)
    before = membership.readSeq
  }
  for (const view of views) {
    await view.becomesComplete()
    view.cut()
  }
})
