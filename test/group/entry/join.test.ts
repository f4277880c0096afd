import { describe, expect, test } from 'vitest'
import { refusal } from '../../world/client.ts'
import { liveEqualsRefetch } from '../../world/mirror.ts'
import { useWorld } from '../../world/world.ts'
import {
  approves,
  asksToJoin,
  declines,
  dissolves,
  endsAccount,
  invites,
  joinRequests,
  joins,
  lines,
  mutes,
  pendingIds,
  transfers,
} from '../verbs.ts'

const world = useWorld({ LIMIT_PENDING_JOIN_REQUESTS: '3', LIMIT_GROUP_SIZE: '4' })

/** A group with one member of each role, and a person who is not a member. */
async function groupWithRoles(joinPolicy: 'APPROVAL' | 'OPEN' | 'INVITE_ONLY' = 'APPROVAL') {
  const [owner, admin, member, stranger] = await world.people('owner', 'admin', 'member', 'stranger')
  const { id } = await owner.creates('Team', [admin, member], { joinPolicy })
  await owner.appoints(id, admin, 'ADMIN')
  return { owner, admin, member, stranger, id }
}

describe('joinPolicy', () => {
  test('OPEN admits any user', async () => {
    const { owner, member, stranger, id } = await groupWithRoles('OPEN')
    const { conversation, joinRequest } = await liveEqualsRefetch([owner, member, stranger], () =>
      joins(stranger, { groupId: id }),
    )
    expect(joinRequest).toBeNull()
    expect(conversation).toMatchObject({ id, memberCount: 4 })
    expect((await joins(stranger, { groupId: id })).conversation?.id).toBe(id)
    expect(await lines(stranger, id)).toEqual(['stranger joined'])
  })

  test('APPROVAL creates a join request, and an invite admits at once', async () => {
    const { owner, stranger, id } = await groupWithRoles('APPROVAL')
    expect((await joins(stranger, { groupId: id }, 'please')).conversation).toBeNull()
    expect(await stranger.conversation(id)).toBeNull()
    const { inviteCode } = await invites(owner, id)
    expect((await joins(stranger, { inviteCode })).conversation?.id).toBe(id)
    expect(await pendingIds(owner, id)).toEqual([])
    expect((await stranger.sync()).joinRequests).toMatchObject([{ status: 'APPROVED', note: 'please' }])
  })

  test('INVITE_ONLY without an invite answers NOT_FOUND like a missing group', async () => {
    const { owner, stranger, id } = await groupWithRoles('INVITE_ONLY')
    const direct = await stranger.befriends(owner)
    for (const groupId of [id, 'group_nothing', direct])
      expect(await refusal(joins(stranger, { groupId }))).toBe('NOT_FOUND')
    const { inviteCode } = await invites(owner, id)
    expect((await joins(stranger, { inviteCode })).conversation?.id).toBe(id)
  })

  test('OPEN rejects joins of a full group until a member leaves', async () => {
    const { owner, member, stranger, id } = await groupWithRoles('OPEN')
    const [other] = await world.people('other')
    await owner.adds(id, other)
    expect(await refusal(joins(stranger, { groupId: id }))).toBe('LIMIT_EXCEEDED')
    await member.leaves(id)
    expect((await joins(stranger, { groupId: id })).conversation).toMatchObject({ memberCount: 4 })
  })

  test('of a dissolved group does not matter: joining answers NOT_FOUND', async () => {
    const { owner, stranger, id } = await groupWithRoles('OPEN')
    await dissolves(owner, id)
    expect(await refusal(joins(stranger, { groupId: id }))).toBe('NOT_FOUND')
    expect(await refusal(joins(owner, { groupId: id }))).toBe('NOT_FOUND')
  })

  test('OPEN shows new members earlier messages only as historyVisibility says', async () => {
    for (const historyVisibility of ['ALL', 'SINCE_JOINED'] as const) {
      const [owner, joiner] = await world.people('owner', 'joiner')
      const { id } = await owner.creates('Team', [], { joinPolicy: 'OPEN', historyVisibility })
      const old = await owner.sends(id, 'old')
      await joins(joiner, { groupId: id })
      const quoting = await owner.sends(id, 'new', { quoteSeq: old.seq })
      const sees = historyVisibility === 'ALL'
      expect((await lines(joiner, id))?.includes('old')).toBe(sees)
      expect((await joiner.changes(id, 0))?.messages.some((message) => message.id === old.id)).toBe(sees)
      expect((await joiner.message(old.id)) !== null).toBe(sees)
      expect((await joiner.message(quoting.id))?.quote?.id ?? null).toBe(sees ? old.id : null)
      expect((await joiner.conversation(id))?.membership.unreadCount).toBe(1)
    }
  })
})

describe('a join request', () => {
  test('is visible to the owner, the admins and the requester only', async () => {
    const { owner, admin, member, stranger, id } = await groupWithRoles()
    const inbox = await admin.listens()
    const request = await liveEqualsRefetch([owner, admin, member, stranger], () =>
      asksToJoin(stranger, id, ' let me in '),
    )
    expect(request).toMatchObject({
      status: 'PENDING',
      note: 'let me in',
      user: { id: stranger.id },
      group: { conversationId: id, name: 'Team', memberCount: 3, joinPolicy: 'APPROVAL' },
    })
    const event = await inbox.sees('JoinRequestChanged')
    expect(event.joinRequest).toEqual(request)
    expect(await pendingIds(owner, id)).toEqual([stranger.id])
    expect(await pendingIds(admin, id)).toEqual([stranger.id])
    expect(await pendingIds(member, id)).toEqual([])
    expect((await member.sync()).joinRequests).toEqual([])
    for (const person of [owner, admin, stranger])
      expect((await person.sync()).joinRequests).toEqual([request])
  })

  test('sent twice is one request', async () => {
    const { owner, stranger, id } = await groupWithRoles()
    const first = await asksToJoin(stranger, id, 'first')
    expect(await asksToJoin(stranger, id, 'second')).toEqual(first)
    expect(await pendingIds(owner, id)).toHaveLength(1)
  })

  test('approved adds the user; approved again changes nothing', async () => {
    const { owner, admin, member, stranger, id } = await groupWithRoles()
    const request = await asksToJoin(stranger, id)
    const joined = await liveEqualsRefetch([owner, admin, member, stranger], () => approves(admin, request))
    expect(joined).toMatchObject({ role: 'MEMBER', user: { id: stranger.id } })
    expect(await approves(owner, request)).toEqual(joined)
    expect(await refusal(declines(owner, request))).toBe('CONFLICT')
    expect(await lines(stranger, id)).toEqual(['admin let stranger in'])
    const [message] = (await stranger.history(id)) ?? []
    expect(message?.content).toMatchObject({ actor: { id: admin.id }, subjects: [{ id: stranger.id }] })
    await stranger.leaves(id)
    expect(await refusal(approves(owner, request))).toBe('NOT_FOUND')
  })

  test('declined is final, and the user may send another', async () => {
    const { owner, admin, stranger, id } = await groupWithRoles()
    const request = await asksToJoin(stranger, id)
    const declined = await liveEqualsRefetch([owner, admin, stranger], () => declines(owner, request))
    expect(declined).toMatchObject({ id: request.id, status: 'DECLINED' })
    expect(await declines(admin, request)).toEqual(declined)
    expect(await refusal(approves(admin, request))).toBe('CONFLICT')
    expect(await pendingIds(owner, id)).toEqual([])
    const again = await asksToJoin(stranger, id)
    expect(again.id).not.toBe(request.id)
    await approves(owner, again)
    expect((await stranger.conversation(id))?.id).toBe(id)
  })

  test('is approved and declined by owner and admins only', async () => {
    const { member, stranger, id } = await groupWithRoles()
    const outsider = await world.person('outsider')
    const request = await asksToJoin(stranger, id)
    for (const answer of [approves, declines]) {
      expect(await refusal(answer(member, request))).toBe('FORBIDDEN')
      expect(await refusal(answer(stranger, request))).toBe('FORBIDDEN')
      expect(await refusal(answer(outsider, request))).toBe('NOT_FOUND')
      expect(await refusal(answer(member, { id: 'nothing' }))).toBe('NOT_FOUND')
    }
  })

  test('is approved when the user joins in another way', async () => {
    const { owner, admin, stranger, id } = await groupWithRoles()
    await asksToJoin(stranger, id)
    await liveEqualsRefetch([owner, admin, stranger], () => owner.adds(id, stranger))
    expect(await pendingIds(owner, id)).toEqual([])
    expect((await stranger.sync()).joinRequests).toMatchObject([{ status: 'APPROVED' }])

    const opened = await groupWithRoles()
    await asksToJoin(opened.stranger, opened.id)
    await opened.owner.changesGroup(opened.id, { joinPolicy: 'OPEN' })
    await liveEqualsRefetch([opened.owner, opened.stranger], () =>
      joins(opened.stranger, { groupId: opened.id }),
    )
    expect(await pendingIds(opened.owner, opened.id)).toEqual([])
  })

  test('stays pending while the group is full', async () => {
    const { owner, stranger, id } = await groupWithRoles()
    const [other] = await world.people('other')
    const requests = [await asksToJoin(stranger, id), await asksToJoin(other, id)] as const
    await approves(owner, requests[0])
    expect(await refusal(approves(owner, requests[1]))).toBe('LIMIT_EXCEEDED')
    expect(await pendingIds(owner, id)).toEqual([other.id])
    await owner.removes(id, stranger)
    await approves(owner, requests[1])
  })

  test('is declined when the group is dissolved', async () => {
    const { owner, admin, stranger, id } = await groupWithRoles()
    const request = await asksToJoin(stranger, id)
    await liveEqualsRefetch([owner, admin, stranger], () => dissolves(owner, id))
    expect((await stranger.sync()).joinRequests).toMatchObject([{ id: request.id, status: 'DECLINED' }])
    expect(await refusal(approves(owner, request))).toBe('NOT_FOUND')
  })

  test('is declined when the requester’s account is deleted', async () => {
    const { owner, admin, stranger, id } = await groupWithRoles()
    const request = await asksToJoin(stranger, id)
    await liveEqualsRefetch([owner, admin], () => endsAccount(stranger))
    expect(await pendingIds(owner, id)).toEqual([])
    expect(await refusal(approves(owner, request))).toBe('CONFLICT')
    expect(await owner.conversation(id)).toMatchObject({ memberCount: 3 })
  })

  test('shows later changes of the group to no former member', async () => {
    const { owner, stranger, id } = await groupWithRoles()
    await approves(owner, await asksToJoin(stranger, id))
    await owner.removes(id, stranger)
    await owner.changesGroup(id, { name: 'Secret' })
    expect((await stranger.sync()).joinRequests).toMatchObject([{ group: { name: 'Team', memberCount: 3 } }])
    expect(await refusal(joins(stranger, { groupId: id }))).toBe('NOT_FOUND')
  })

  test('with a note over 200 code points, or over LIMIT_PENDING_JOIN_REQUESTS, is rejected', async () => {
    const { owner, stranger, id } = await groupWithRoles()
    expect(await refusal(joins(stranger, { groupId: id }, 'x'.repeat(201)))).toBe('INVALID_INPUT')
    expect((await asksToJoin(stranger, id, '😀'.repeat(200))).note).toHaveLength(400)
    const others = await world.people('one', 'two', 'three')
    const [one, two, three] = others
    await asksToJoin(one, id)
    const second = await asksToJoin(two, id)
    expect(await refusal(joins(three, { groupId: id }))).toBe('LIMIT_EXCEEDED')
    expect((await asksToJoin(one, id)).status).toBe('PENDING')
    const page = await joinRequests(owner, id, { first: 2 })
    expect(page.edges.map(({ node }) => node.user.id)).toEqual([stranger.id, one.id])
    const rest = await joinRequests(owner, id, { first: 2, after: page.pageInfo.endCursor })
    expect(rest.edges.map(({ node }) => node.user.id)).toEqual([two.id])
    expect(rest.pageInfo.hasNextPage).toBe(false)
    await declines(owner, second)
    await asksToJoin(three, id)
  })
})

describe('a new admin', () => {
  test('sees pending join requests, and a former admin does not', async () => {
    const { owner, admin, member, stranger, id } = await groupWithRoles()
    const request = await asksToJoin(stranger, id)
    await liveEqualsRefetch([owner, member], () => owner.appoints(id, member, 'ADMIN'))
    expect((await member.sync()).joinRequests).toEqual([request])
    expect(await pendingIds(member, id)).toEqual([stranger.id])
    await liveEqualsRefetch([owner, member], () => owner.appoints(id, member, 'MEMBER'))
    expect((await member.sync()).joinRequests).toEqual([])
    expect(await pendingIds(member, id)).toEqual([])
    await liveEqualsRefetch([admin, owner], () => owner.removes(id, admin))
    expect((await admin.sync()).joinRequests).toEqual([])
    await liveEqualsRefetch([owner, member], () => transfers(owner, id, member))
    expect((await member.sync()).joinRequests).toEqual([request])
  })
})

test.each(['loses the role and gets it back', 'is removed, added again and appointed'])(
  'an admin who %s while offline learns that a join request was resolved meanwhile',
  async (change) => {
    const { owner, admin, stranger, id } = await groupWithRoles()
    const request = await asksToJoin(stranger, id)
    const { cursor } = await admin.sync()
    if (change.startsWith('loses')) await owner.appoints(id, admin, 'MEMBER')
    else await owner.removes(id, admin)
    await declines(owner, request)
    if (change.startsWith('is removed')) await owner.adds(id, admin)
    await owner.appoints(id, admin, 'ADMIN')
    const { joinRequests } = await admin.sync(cursor)
    expect(joinRequests.map(({ id, status }) => [id, status])).toEqual([[request.id, 'DECLINED']])
  },
)

test('leaving and joining again does not lift a mute', async () => {
  const { owner, stranger, id } = await groupWithRoles('OPEN')
  await joins(stranger, { groupId: id })
  const until = new Date(Date.now() + 3_600_000).toISOString()
  await mutes(owner, id, stranger, until)
  await stranger.leaves(id)
  const { conversation } = await joins(stranger, { groupId: id })
  expect(conversation?.membership.mutedUntil).toBe(until)
  expect(await refusal(stranger.sends(id, 'hello'))).toBe('MUTED')
})
