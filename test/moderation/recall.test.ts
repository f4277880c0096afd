import { expect, test } from 'vitest'
import { inDatabase } from '../auth/verbs.ts'
import { lines } from '../group/verbs.ts'
import { refusal } from '../world/client.ts'
import { liveEqualsRefetch } from '../world/mirror.ts'
import { auditOf, auditPage, suspends, useModeratedWorld } from './verbs.ts'

const { world, molly, max } = useModeratedWorld({ LIMIT_RECALL_WINDOW_SECONDS: '0' })

test('a moderator recalls any message, also outside their conversations, and recalledBy names them', async () => {
  const [alice, bob] = await world.people('alice', 'bob')
  const { id } = await alice.opens(bob)
  const message = await alice.sends(id, 'an insult')
  expect(await refusal(alice.recalls(message))).toBe('TOO_LATE')
  expect(await refusal(bob.recalls(message))).toBe('FORBIDDEN')

  const inbox = await bob.listens()
  await liveEqualsRefetch([alice, bob], () => molly().recalls(message))
  // The send may be delivered first: the recall is the second version.
  const { messages } = await inbox.sees('MessagesChanged', ({ version }) => version > message.version)
  expect(messages[0]?.content).toEqual({ __typename: 'RecalledContent', recalledBy: { id: molly().id } })
  expect(await lines(alice, id)).toEqual(['Message recalled'])
  expect(await auditOf(max(), message)).toMatchObject([
    {
      actor: { id: molly().id },
      action: 'MESSAGE_RECALLED',
      detail: { conversationId: id, seq: message.seq, senderId: alice.id },
    },
  ])
  // A repeated recall changes nothing and is not recorded.
  await molly().recalls(message)
  expect(await auditOf(max(), message)).toHaveLength(1)
  expect(await molly().conversation(id)).toBeNull()
  expect(await refusal(molly().recalls({ id: 'no message' }))).toBe('NOT_FOUND')
})

test('a recall that a moderator may do as owner of the group is not recorded in the audit trail', async () => {
  const bob = await world.person('bob')
  const { id } = await molly().creates('of a moderator', [bob])
  const message = await bob.sends(id, 'words')
  await molly().recalls(message)
  expect(await auditOf(max(), message)).toEqual([])
})

test('recalling a system message is rejected with FORBIDDEN, also for a moderator', async () => {
  const [alice, bob] = await world.people('alice', 'bob')
  const { id } = await alice.creates('group', [bob])
  const [created] = (await alice.history(id)) ?? []
  expect(await refusal(molly().recalls(created ?? { id: '' }))).toBe('FORBIDDEN')
})

test('the audit trail is readable for moderators only, newest first in pages, and append-only', async () => {
  const [alice, bob] = await world.people('alice', 'bob')
  expect(await refusal(auditPage(alice))).toBe('FORBIDDEN')
  await suspends(molly(), alice)
  await suspends(max(), bob)
  const one = await auditPage(molly(), { first: 1 })
  const two = await auditPage(molly(), { first: 1, after: one.pageInfo.endCursor ?? null })
  const entries = [...one.edges, ...two.edges].map(({ node }) => [node.actor?.id, node.action, node.subject])
  expect(entries).toEqual([
    [max().id, 'USER_SUSPENDED', bob.id],
    [molly().id, 'USER_SUSPENDED', alice.id],
  ])
  expect(one.pageInfo.hasNextPage).toBe(true)

  for (const statement of [
    `update audit_entry set subject = 'another user'`,
    'delete from audit_entry',
    'truncate audit_entry',
  ])
    await expect(inDatabase(world, statement, [])).rejects.toThrow('append-only')
  expect((await auditPage(molly(), { first: 1 })).edges).toEqual(one.edges)
})
