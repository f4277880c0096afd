import { expect, test } from 'vitest'
import { refusal } from '../../world/client.ts'
import { AddGroupMembers } from '../../world/operations.ts'
import { useWorld } from '../../world/world.ts'
import { addCrowd } from '../crowd.ts'
import { dissolves, members, roles } from '../verbs.ts'

const world = useWorld({
  LIMIT_INLINE_GROUP_SIZE: '10',
  LIMIT_GROUP_ADDITIONS: '300',
  DIRECT_MESSAGES_FROM: 'everyone',
})

test('a group above LIMIT_INLINE_GROUP_SIZE is delivered by signal, and inline again at 90 % of it', async () => {
  const alice = await world.person('alice')
  const others = []
  for (let count = 0; count < 10; count += 1) others.push(await world.person('other'))
  const { id, deliveryMode } = await alice.creates('Team', others.slice(0, 9))
  expect(deliveryMode).toBe('INLINE')
  const [first, second] = others as [(typeof others)[0], (typeof others)[0]]
  const last = others[9] as typeof first

  const inbox = await first.listens()
  expect(await alice.adds(id, last)).toMatchObject({ memberCount: 11, deliveryMode: 'SIGNAL' })
  await inbox.sees(
    'ConversationChanged',
    ({ conversation }) => 'deliveryMode' in conversation && conversation.deliveryMode === 'SIGNAL',
  )
  const { seq } = await alice.sends(id, 'to many')
  await inbox.sees('ConversationSignal', (event) => event.conversationId === id && event.maxSeq >= seq)

  expect(await alice.removes(id, last)).toMatchObject({ memberCount: 10, deliveryMode: 'SIGNAL' })
  expect(await alice.removes(id, second)).toMatchObject({ memberCount: 9, deliveryMode: 'INLINE' })
  const message = await alice.sends(id, 'to fewer')
  await inbox.sees('MessagesChanged', (event) => event.messages.some(({ id }) => id === message.id))

  expect((await alice.creates('Large from the start', others)).deliveryMode).toBe('SIGNAL')
  await dissolves(alice, id)
  await inbox.sees('ConversationRemoved', (event) => event.conversationId === id)
})

test('one call adds up to LIMIT_GROUP_ADDITIONS members', async () => {
  const [alice, bob] = await world.people('alice', 'bob')
  const { id } = await alice.creates('Team', [bob])
  const userIds = await addCrowd(world.databaseUrl, { count: 301, name: 'Added' })
  const add = (ids: string[]) => alice.do(AddGroupMembers, { groupId: id, userIds: ids })
  expect(await refusal(add(userIds))).toBe('LIMIT_EXCEEDED')
  expect((await add(userIds.slice(0, 300))).addGroupMembers.conversation).toMatchObject({
    memberCount: 302,
  })
  const [message] = (await bob.history(id, 1)) ?? []
  expect(message?.plainText).toMatch(/^alice added .* and 295 more$/)
})

test('dissolving a large group is delivered to every member, and ends access at once', async () => {
  const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
  const { id } = await alice.creates('Team', [bob, carol])
  await addCrowd(world.databaseUrl, { count: 1_200, name: 'Dissolved', groupId: id })
  const { cursor } = await carol.sync()
  const inboxes = [await alice.listens(), await bob.listens()]
  await dissolves(alice, id)
  expect(await bob.conversation(id)).toBeNull()
  expect(await refusal(carol.sends(id, 'hello?'))).toBe('NOT_FOUND')
  for (const inbox of inboxes) await inbox.sees('ConversationRemoved', (event) => event.conversationId === id)
  const later = await carol.listens({ after: cursor })
  await later.sees('ConversationRemoved', (event) => event.conversationId === id)
  expect((await carol.sync(cursor)).removedConversationIds).toEqual([id])
})

test('members of a large group are listed in pages without gaps, and by role', async () => {
  const [alice, bob] = await world.people('alice', 'bob')
  const { id } = await alice.creates('Team', [bob])
  await addCrowd(world.databaseUrl, { count: 250, name: 'Listed', groupId: id })
  await alice.appoints(id, bob, 'ADMIN')
  const seen: string[] = []
  for (let after: string | null | undefined = null; after !== undefined; ) {
    const page = await members(alice, id, { first: 100, after })
    seen.push(...page.edges.map(({ node }) => node.user.id))
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined
  }
  expect(seen.slice(0, 2)).toEqual([alice.id, bob.id])
  expect(new Set(seen).size).toBe(252)
  expect(seen).toHaveLength(252)
  expect(await roles(alice, id, { role: 'ADMIN', first: 1 })).toEqual(['bob ADMIN'])
  for (const cursor of [['x'], [9, 0, ''], [0, 1e300, ''], [0, 0], [0, Number.MAX_SAFE_INTEGER, '']]) {
    const after = Buffer.from(JSON.stringify(cursor)).toString('base64url')
    expect(await refusal(members(alice, id, { after })), after).toBe('INVALID_INPUT')
  }
})

test('members are found by nickname, name and handle, however many other users match', async () => {
  const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
  const { id } = await alice.creates('Team', [bob, carol])
  await bob.changesView(id, { nickname: 'The 100% \\ Runner_' })
  await addCrowd(world.databaseUrl, { count: 2_100, name: 'Car' })
  await addCrowd(world.databaseUrl, { count: 20, name: '王小明', groupId: id })
  const found = async (query: string) => (await roles(alice, id, { query, first: 100 })).length
  expect(await roles(alice, id, { query: 'runner' })).toEqual(['bob MEMBER'])
  expect(await roles(alice, id, { query: '100% \\' })).toEqual(['bob MEMBER'])
  expect(await roles(alice, id, { query: 'NER_' })).toEqual(['bob MEMBER'])
  expect(await found('ner%')).toBe(0)
  expect(await roles(alice, id, { query: bob.handle })).toEqual(['bob MEMBER'])
  expect(await roles(alice, id, { query: 'car' }), 'a common name').toEqual(['carol MEMBER'])
  expect(await roles(alice, id, { query: 'ca' }), 'a short query').toEqual(['carol MEMBER'])
  expect(await found('小明')).toBe(20)
  expect(await found('王小明 2')).toBe(2)
  expect(await roles(alice, id, { query: 'carol', role: 'OWNER' })).toEqual([])
  const page = await members(alice, id, { query: '王小明', first: 15 })
  const rest = await members(alice, id, { query: '王小明', first: 15, after: page.pageInfo.endCursor })
  expect(rest.edges).toHaveLength(5)
})
