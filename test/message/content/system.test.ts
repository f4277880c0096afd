import { createClient } from 'graphql-ws'
import { describe, expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { deletesAccount, inDatabase } from '../../auth/verbs.ts'
import { announces, approves, asksToJoin, invites, joins, lines, transfers } from '../../group/verbs.ts'
import { png } from '../../media/samples.ts'
import { uploadsReady } from '../../media/verbs.ts'
import { send } from '../../server/wire.ts'
import { Inbox } from '../../world/inbox.ts'
import { liveEqualsRefetch } from '../../world/mirror.ts'
import type { Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import { pins } from '../verbs.ts'

const world = useWorld()

/** Content and text of the latest messages, oldest first. */
async function latest(person: Person, id: string, count: number) {
  const messages = (await person.history(id)) ?? []
  return messages.slice(-count).map(({ plainText, content }) => ({ plainText, ...content }))
}

const historyQuery = `query ($id: ID!) { conversation(id: $id) { messages(last: 100) { nodes {
  plainText senderName sender { id } content { __typename plainText
    ... on SystemContent { subjectCount change { ... on MessagePin { messageSeq message { seq recalledAt } } } } }
} } } }`

/** The history as a client with these headers reads it. */
async function reads({ url, credentials }: Person, id: string, headers: Record<string, string> = {}) {
  const { body } = await send(url, JSON.stringify({ query: historyQuery, variables: { id } }), {
    authorization: `Bearer ${credentials.accessToken}`,
    ...headers,
  })
  const data = body.data as { conversation: { messages: { nodes: Record<string, unknown>[] } } }
  return data.conversation.messages.nodes
}

const textsIn = async (person: Person, id: string, headers: Record<string, string>) =>
  (await reads(person, id, headers)).map(({ plainText }) => plainText)

describe('a system message carries', () => {
  test('the settings of the group before and after the change', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    const { id } = await alice.creates('Team', [bob])
    const image = await uploadsReady(alice, { bytes: await png(), filename: 'a.png' })
    await liveEqualsRefetch([alice, bob], () =>
      alice.changesGroup(id, {
        name: 'Crew',
        description: 'rowing',
        avatarMediaId: image.id,
        joinPolicy: 'OPEN',
        postingPolicy: 'ADMINS',
        historyVisibility: 'ALL',
        mentionAllPolicy: 'ADMINS',
        slowModeSeconds: 30,
      }),
    )
    const by = { __typename: 'SystemContent', actor: { id: alice.id }, subjects: [] }
    expect(await latest(bob, id, 8)).toMatchObject([
      { ...by, event: 'GROUP_RENAMED', change: { oldName: 'Team', newName: 'Crew' } },
      { event: 'JOIN_POLICY_CHANGED', change: { oldJoinPolicy: 'INVITE_ONLY', newJoinPolicy: 'OPEN' } },
      { event: 'POSTING_POLICY_CHANGED', change: { newPostingPolicy: 'ADMINS' } },
      { event: 'HISTORY_VISIBILITY_CHANGED', change: { newHistoryVisibility: 'ALL' } },
      { event: 'MENTION_ALL_POLICY_CHANGED', change: { oldMentionAllPolicy: 'BY_SIZE' } },
      { event: 'SLOW_MODE_CHANGED', change: { oldSlowModeSeconds: 0, newSlowModeSeconds: 30 } },
      { ...by, event: 'GROUP_DESCRIPTION_CHANGED', change: null },
      { event: 'GROUP_AVATAR_CHANGED', change: { removed: false } },
    ])
    await alice.changesGroup(id, { avatarMediaId: null, slowModeSeconds: 0, mutedAll: true })
    expect(await latest(bob, id, 3)).toMatchObject([
      { plainText: 'alice turned slow mode off' },
      { event: 'GROUP_AVATAR_CHANGED', change: { removed: true } },
      { event: 'GROUP_MUTED', change: null },
    ])
  })

  test('how and by whom members came, and roles before and after', async () => {
    const [alice, bob, carol, dave] = await world.people('alice', 'bob', 'carol', 'dave')
    const { id } = await alice.creates('Team', [], { joinPolicy: 'APPROVAL' })
    const { inviteCode } = await invites(alice, id)
    await liveEqualsRefetch([alice], () => joins(bob, { inviteCode }))
    await liveEqualsRefetch([alice, bob], async () => approves(alice, await asksToJoin(carol, id)))
    await alice.changesGroup(id, { joinPolicy: 'OPEN' })
    await joins(dave, { groupId: id })
    await liveEqualsRefetch([alice, bob], () => alice.appoints(id, bob, 'ADMIN'))
    await alice.appoints(id, bob, 'MEMBER')
    await liveEqualsRefetch([alice, bob], () => transfers(alice, id, dave))

    const texts = (await lines(alice, id))?.slice(1)
    expect(texts).toEqual([
      'bob joined with an invite from alice',
      'alice let carol in',
      'alice changed how users join: everyone can join',
      'dave joined',
      'alice made bob an admin',
      'alice made bob a member without admin rights',
      'dave is the owner now',
    ])
    expect(await latest(alice, id, 7)).toMatchObject([
      { subjects: [{ id: bob.id }], subjectCount: 1, change: { via: 'INVITE', inviter: { id: alice.id } } },
      { actor: { id: alice.id }, subjects: [{ id: carol.id }], change: { via: 'APPROVAL', inviter: null } },
      {},
      { change: { via: 'OPEN', inviter: null } },
      { subjects: [{ id: bob.id }], change: { oldRole: 'MEMBER', newRole: 'ADMIN' } },
      { change: { oldRole: 'ADMIN', newRole: 'MEMBER' } },
      { event: 'OWNER_CHANGED', actor: { id: alice.id }, subjects: [{ id: dave.id }] },
    ])
  })

  test('the announcement, and the pinned message also after its recall', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    const { id } = await alice.creates('Team', [bob])
    const message = await alice.sends(id, 'read this')
    await liveEqualsRefetch([alice, bob], () => pins(alice, message))
    await liveEqualsRefetch([alice, bob], () => announces(alice, id, 'We meet at nine.'))
    expect(await latest(bob, id, 2)).toMatchObject([
      { event: 'MESSAGE_PINNED', change: { messageSeq: message.seq } },
      { event: 'ANNOUNCEMENT_POSTED', change: { announcement: { text: 'We meet at nine.' } } },
    ])
    const pin = async (person: Person) => (await reads(person, id)).at(-2)?.content
    expect(await pin(bob)).toMatchObject({ change: { message: { seq: message.seq, recalledAt: null } } })

    await alice.recalls(message)
    expect(await pin(bob)).toMatchObject({
      plainText: 'alice pinned a message',
      change: { message: { seq: message.seq, recalledAt: expect.any(String) } },
    })
  })

  test('no pinned message to a member whose history begins after it', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    const { id } = await alice.creates('Team', [])
    const message = await alice.sends(id, 'secret')
    await alice.adds(id, bob)
    await pins(alice, message)
    expect((await reads(bob, id)).at(-1)?.content).toMatchObject({
      change: { messageSeq: message.seq, message: null },
    })
  })

  test('no change in a message that was stored without one', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    const { id } = await alice.creates('Team', [bob])
    await alice.changesGroup(id, { name: 'Crew' })
    await alice.appoints(id, bob, 'ADMIN')
    await inDatabase(world, `update message set content = content - 'change' where conversation_id = $1`, [
      id,
    ])
    expect(await latest(bob, id, 2)).toMatchObject([
      { plainText: 'alice renamed the group', change: null },
      { plainText: 'alice changed the role of bob', change: null },
    ])
  })
})

describe('the text of a message', () => {
  test('follows the language of the request', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    const { id } = await alice.creates('Team', [bob])
    await alice.changesGroup(id, { name: '项目群' })
    const image = await uploadsReady(alice, { bytes: await png(), filename: 'a.png' })
    await alice.sendsContent(id, { image: { mediaId: image.id } })
    await alice.recalls(await alice.sends(id, 'oops'))

    const english = [
      'alice created the group with bob',
      'alice renamed the group from “Team” to “项目群”',
      '[Image]',
      'Message recalled',
    ]
    const chinese = [
      'alice 创建了群聊，邀请了 bob',
      'alice 将群名称从“Team”改为“项目群”',
      '[图片]',
      '消息已撤回',
    ]
    expect(await textsIn(bob, id, { 'accept-language': 'zh-CN,zh;q=0.9,en;q=0.8' })).toEqual(chinese)
    expect(await textsIn(bob, id, { 'accept-language': 'fr,en;q=0.5' })).toEqual(english)
    expect(await textsIn(bob, id, {})).toEqual(english)
  })

  test('names a deleted account in the language of the request', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    const { id } = await alice.creates('Team', [bob])
    await deletesAccount(bob)
    expect(await textsIn(alice, id, { 'accept-language': 'zh' })).toEqual([
      'alice 创建了群聊，邀请了 已注销用户',
      '已注销用户 退出了群聊',
    ])
    expect(await lines(alice, id)).toEqual([
      'alice created the group with Deleted account',
      'Deleted account left',
    ])
  })

  test('follows the language of the socket in events that other languages share', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    const { id } = await alice.creates('Team', [bob])
    const byParameter = await inboxOf(bob, { locale: 'zh-CN' })
    const byHeader = await inboxOf(alice, {}, { 'accept-language': 'zh' })
    const parameterFirst = await inboxOf(alice, { locale: 'en' }, { 'accept-language': 'zh' })
    await alice.changesGroup(id, { mutedAll: true })
    const seen = [byParameter, byHeader, parameterFirst].map(async (inbox) => {
      const { messages } = await inbox.sees('MessagesChanged', (event) => event.conversationId === id)
      return messages.at(-1)?.plainText
    })
    expect(await Promise.all(seen)).toEqual([
      'alice 开启了全员禁言',
      'alice 开启了全员禁言',
      'alice muted the group',
    ])
  })
})

test('senderName of a system message is null, like its sender', async () => {
  const [alice, bob] = await world.people('alice', 'bob')
  const { id } = await alice.creates('Team', [bob])
  await bob.sends(id, 'hello')
  expect(await reads(alice, id)).toMatchObject([
    { sender: null, senderName: null },
    { sender: { id: bob.id }, senderName: 'bob' },
  ])
})

test('an event that is newer than the schema version of a client is a line of text for it', async () => {
  const alice = await world.person('alice')
  const { id } = await alice.creates('Team', [])
  await alice.changesGroup(id, { name: 'Crew', slowModeSeconds: 5 })
  const typesFor = async (version: string) =>
    (await reads(alice, id, { 'x-schema-version': version })).map(
      ({ content }) => (content as { __typename: string }).__typename,
    )
  expect(await typesFor('1')).toEqual(['SystemContent', 'SystemContent', 'TextContent'])
  expect(await typesFor('2')).toEqual(['SystemContent', 'SystemContent', 'CustomContent'])
  expect(await typesFor('3')).toEqual(['SystemContent', 'SystemContent', 'SystemContent'])
})

async function inboxOf(
  { url, credentials }: Person,
  parameters: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Inbox> {
  class WithHeaders extends WebSocket {
    constructor(address: string, protocols: string | string[]) {
      super(address, protocols, { headers })
    }
  }
  const client = createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WithHeaders,
    connectionParams: { authorization: `Bearer ${credentials.accessToken}`, ...parameters },
    retryAttempts: 0,
  })
  onTestFinished(() => void client.dispose())
  const inbox = new Inbox(client, { streamId: `locale ${parameters.locale ?? ''}` })
  await inbox.sees('Checkpoint', (event) => event.caughtUp)
  return inbox
}
