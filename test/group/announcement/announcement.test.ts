import { expect, test } from 'vitest'
import { refusal } from '../../world/client.ts'
import { liveEqualsRefetch } from '../../world/mirror.ts'
import { useWorld } from '../../world/world.ts'
import { announced, announcements, announces, lines } from '../verbs.ts'

const world = useWorld({ LIMIT_ANNOUNCEMENT_LENGTH: '20' })

test('an announcement is shown on the group and as a system message, and does not count as unread', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await alice.creates('Team', [bob])
  const posted = await liveEqualsRefetch([alice, bob], () => announces(alice, id, '  Meeting at nine '))
  expect(posted).toMatchObject({ text: 'Meeting at nine', author: { id: alice.id }, group: { id } })
  const group = await bob.conversation(id)
  expect(group).toMatchObject({ announcement: { id: posted.id, text: 'Meeting at nine' } })
  expect(group?.membership.unreadCount).toBe(0)
  expect((await lines(bob, id))?.at(-1)).toBe('alice posted an announcement')
  const [message] = (await bob.history(id, 1)) ?? []
  expect(message?.content).toMatchObject({ event: 'ANNOUNCEMENT_POSTED', actor: { id: alice.id } })
  expect(message?.sentAt).toBe(posted.createdAt)
})

test('the newest announcement is current, and earlier ones are listed newest first in pages', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await alice.creates('Team', [bob])
  expect(await announced(bob, id)).toEqual([])
  expect(await alice.conversation(id)).toMatchObject({ announcement: null })
  for (const text of ['one', 'two', 'three']) await announces(alice, id, text)
  expect(await alice.conversation(id)).toMatchObject({ announcement: { text: 'three' } })
  const page = await announcements(bob, id, { first: 2 })
  expect(page.edges.map(({ node }) => node.text)).toEqual(['three', 'two'])
  expect(page.pageInfo.hasNextPage).toBe(true)
  const rest = await announcements(bob, id, { first: 2, after: page.pageInfo.endCursor })
  expect(rest.edges.map(({ node }) => node.text)).toEqual(['one'])
  expect(rest.pageInfo.hasNextPage).toBe(false)
  expect(await refusal(announcements(bob, id, { after: 'nonsense' }))).toBe('INVALID_INPUT')
})

test('a new member reads the current announcement, and earlier ones only within their visible history', async () => {
  const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
  const closed = await alice.creates('Since joining', [bob])
  const open = await alice.creates('Everything', [bob], { historyVisibility: 'ALL' })
  for (const { id } of [closed, open]) {
    await announces(alice, id, 'old')
    await announces(alice, id, 'current')
    await alice.adds(id, carol)
  }
  expect(await announced(carol, closed.id)).toEqual(['current'])
  expect(await announced(carol, open.id)).toEqual(['current', 'old'])
  expect(await carol.conversation(closed.id)).toMatchObject({ announcement: { text: 'current' } })
  await announces(alice, closed.id, 'new')
  expect(await announced(carol, closed.id)).toEqual(['new'])
  expect(await announced(bob, closed.id)).toEqual(['new', 'current', 'old'])
})

test('only owner and admins post announcements; others get FORBIDDEN, non-members NOT_FOUND', async () => {
  const [alice, bob, carol, stranger] = await world.friends('alice', 'bob', 'carol', 'stranger')
  const { id } = await alice.creates('Team', [bob, carol])
  await alice.appoints(id, bob, 'ADMIN')
  expect(await refusal(announces(carol, id, 'mine'))).toBe('FORBIDDEN')
  expect(await refusal(announces(stranger, id, 'mine'))).toBe('NOT_FOUND')
  expect((await announces(bob, id, 'ours')).author.id).toBe(bob.id)
  await alice.removes(id, carol)
  expect(await refusal(announces(carol, id, 'mine'))).toBe('NOT_FOUND')
  await expect(announcements(carol, id)).rejects.toThrow('not a group of this person')
})

test('an announcement at the length limit is accepted, and longer, empty or invalid text is rejected', async () => {
  const alice = await world.person('alice')
  const { id } = await alice.creates('Team', [])
  expect((await announces(alice, id, '😀'.repeat(20))).text).toHaveLength(40)
  for (const text of ['x'.repeat(21), '', '   ', '\u200b', 'a\0b', '\ud800'])
    expect(await refusal(announces(alice, id, text)), JSON.stringify(text)).toBe('INVALID_INPUT')
  expect(await announced(alice, id)).toHaveLength(1)
})
