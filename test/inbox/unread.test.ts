import { expect, test } from 'vitest'
import { invites, joins } from '../group/verbs.ts'
import type { Person } from '../world/person.ts'
import { useWorld } from '../world/world.ts'
import { ConversationModel } from './conversation-model.ts'
import { Device } from './device.ts'
import { randomFrom } from './workload.ts'

const world = useWorld({ LIMIT_INLINE_GROUP_SIZE: '3', DIRECT_MESSAGES_FROM: 'everyone' })

const steps = 150

async function arrange() {
  const people = await world.people('alice', 'bob', 'carol', 'dave')
  const [alice, bob, carol, dave] = people
  const direct = new ConversationModel((await alice.opens(bob)).id, [alice, bob], 0)
  const group = async (name: string, members: Person[], historyVisibility: 'ALL' | 'SINCE_JOINED') => {
    const { id, maxSeq } = await alice.creates(name, members, { historyVisibility })
    return new ConversationModel(id, [alice, ...members], maxSeq)
  }
  const groups = [
    await group('small', [bob, carol], 'ALL'),
    await group('large', [bob, carol, dave], 'SINCE_JOINED'),
  ]
  const devices = new Map<Person, Person[]>()
  for (const person of people) devices.set(person, [person, await person.onAnotherDevice()])
  return { people, alice, rooms: [direct, ...groups], groups, devices }
}

type Scene = Awaited<ReturnType<typeof arrange>>

/** Makes one random change, in the server and in the model. */
async function act({ people, alice, rooms, groups, devices }: Scene, random: (below: number) => number) {
  const pick = <Item>(items: Item[]): Item => items[random(items.length)] as Item
  const room = pick(rooms)
  const person = pick(people.filter((each) => room.has(each)))
  const device = pick(devices.get(person) ?? [])
  const dice = random(100)
  if (dice < 50) {
    const message = await device.sends(room.id, `${dice}`)
    room.sends(person, message)
    expect(message.seq).toBe(room.maxSeq)
  } else if (dice < 75) {
    const seq = random(room.maxSeq + 3)
    room.reads(person, seq)
    expect(await device.reads(room.id, seq)).toMatchObject({
      readSeq: room.readSeq.get(person.id),
      unreadCount: room.unread(person),
    })
  } else if (dice < 88) {
    const said = room.sent.filter((each) => !each.recalled && room.has(each.sender))
    const { sender, message } = said.at(-1) ?? {}
    if (!sender || !message) return
    if (dice < 82) await sender.edits(message, `${dice}, edited`)
    else {
      await sender.recalls(message)
      room.recalls(message)
    }
  } else {
    const group = pick(groups)
    const other = pick(people.filter((each) => each !== alice))
    if (!group.has(other)) {
      if (group.leavers.has(other)) {
        const { inviteCode } = await invites(alice, group.id)
        await joins(other, { inviteCode })
      } else await alice.adds(group.id, other)
      group.joins(other)
    } else {
      const leaves = dice < 94
      await (leaves ? other.leaves(group.id) : alice.removes(group.id, other))
      group.leaves(other)
      if (leaves) group.leavers.add(other)
    }
  }
}

/** Compares the unread counts of all users with the model, each on a random device. */
async function equalsModel(
  { people, rooms, devices }: Scene,
  random: (below: number) => number,
): Promise<void> {
  for (const person of people) {
    const device = devices.get(person)?.[random(2)] ?? person
    const mine = rooms.filter((room) => room.has(person))
    expect((await device.me()).unreadCount).toBe(mine.reduce((sum, room) => sum + room.unread(person), 0))
    for (const room of rooms) {
      const conversation = await device.conversation(room.id)
      if (!room.has(person)) expect(conversation).toBeNull()
      else expect(conversation).toMatchObject({ membership: { unreadCount: room.unread(person) } })
    }
  }
}

test('the unread count equals a model of the conversation, at every step and on every device', {
  timeout: 90_000,
}, async () => {
  const scene = await arrange()
  const random = randomFrom(1_126)
  const views = await Promise.all([...scene.devices.values()].flat().map((device) => Device.of(device)))
  for (const view of views) await view.opens()
  for (let step = 0; step < steps; step += 1) {
    await act(scene, random)
    if (step % 5 === 0) await equalsModel(scene, random)
  }
  await equalsModel(scene, random)

  for (const view of views) {
    await view.becomesComplete()
    for (const room of scene.rooms) {
      const { conversation } = view.conversations.get(room.id) ?? {}
      expect(conversation !== undefined).toBe(room.has(view.person))
      if (!conversation) continue
      const { messageCount, membership } = conversation
      expect(messageCount - membership.readCount).toBe(room.unread(view.person))
    }
    view.cut()
  }
})
