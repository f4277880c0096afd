import { expect, test } from 'vitest'
import { holdsStreamsOf, readsTexts } from '../inbox/stream/held-streams.ts'
import { hasRedis, useFleet } from './fleet.ts'

const fleet = useFleet(1)

test.skipIf(!hasRedis)(
  'a server delivers no earlier message to a member whom it has removed, however late Redis is',
  async () => {
    const person = (name: string) => fleet.person(name, 0)
    const [alice, bob, carol] = await Promise.all([person('alice'), person('bob'), person('carol')])
    const { id } = await alice.creates('three', [bob, carol])
    const [inbox, otherSees] = [await bob.listens(), await readsTexts(carol)]
    const sees = (text: string) =>
      inbox.sees('MessagesChanged', ({ messages }) => messages.some(({ plainText }) => plainText === text))
    await alice.sends(id, 'hello')
    await sees('hello')

    const release = await holdsStreamsOf(bob, fleet.databaseUrl)
    await alice.sends(id, 'SECRET')
    await otherSees('SECRET')
    const network = fleet.networks[0]
    network?.garbles(() => 'late')
    await alice.removes(id, bob)
    await release()
    await inbox.sees('MeChanged', ({ me }) => me.user.displayName.startsWith('Person'))
    network?.garbles(() => 'passed')
    // A newer message brings those that were delayed.
    await alice.opens(bob)
    await inbox.sees('ConversationRemoved', ({ conversationId }) => conversationId === id)
    expect(JSON.stringify(inbox.events)).not.toContain('SECRET')
  },
)
