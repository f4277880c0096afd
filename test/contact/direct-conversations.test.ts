import { expect, test } from 'vitest'
import { graphql } from '../generated/gql.ts'
import { refusal } from '../world/client.ts'
import { liveEqualsRefetch } from '../world/mirror.ts'
import { OpenDirectConversation } from '../world/operations.ts'
import { useWorld } from '../world/world.ts'

const world = useWorld()

const PeerQuery = graphql(`
  query Peer($id: ID!) {
    conversation(id: $id) {
      ... on DirectConversation {
        peer {
          id
        }
        peerReadSeq
        peerDeliveredSeq
      }
    }
  }
`)

test('only friends can open a direct conversation', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const carol = await world.person('carol')
  const ids = [alice.id, bob.id].sort()
  expect((await alice.opens(bob)).id).toBe(`single_${ids.join('_')}`)
  expect(await refusal(alice.opens(carol))).toBe('NOT_FRIENDS')
  expect(await refusal(alice.opens(alice))).toBe('INVALID_INPUT')
  expect(await refusal(alice.do(OpenDirectConversation, { userId: 'unknown' }))).toBe('NOT_FOUND')
})

test('each user of a direct conversation sees the peer and their read position', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await alice.opens(bob)
  const { seq } = await alice.sends(id, 'read this')
  const peer = async () => (await alice.do(PeerQuery, { id })).conversation
  expect(await peer()).toEqual({ peer: { id: bob.id }, peerReadSeq: 0, peerDeliveredSeq: 0 })
  await liveEqualsRefetch([alice, bob], () => bob.reads(id, seq))
  expect(await peer()).toEqual({ peer: { id: bob.id }, peerReadSeq: seq, peerDeliveredSeq: seq })
})

test('a direct conversation is invisible to other users', async () => {
  const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
  const { id } = await alice.opens(bob)
  expect(await carol.conversation(id)).toBeNull()
  expect(await carol.history(id)).toBeNull()
  expect(await refusal(carol.sends(id, 'me too'))).toBe('NOT_FOUND')
})
