import { expect, test } from 'vitest'
import { refusal } from '../../world/client.ts'
import { liveEqualsRefetch } from '../../world/mirror.ts'
import { useWorld } from '../../world/world.ts'
import { announced, announcements, announces, lines } from '../verbs.ts'

const world = useWorld({ LIMIT_ANNOUNCEMENT_LENGTH: '20' })

test('an announcement stands before all, is said in the history, and is nobody’s unread message', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await alice.creates('Team', [bob])
  const posted = await liveEqualsRefetch([alice, bob], () => announces(alice, id, '  Meeting at nine '))
  expect(posted).toMatchObject({ text: 'Meeting at nine', author: { id: alice.id }, group: { id } })
  const group = await bob.conversation(id)
  expect(group).toMatchObject({ announcement: { id: posted.id, text: 'Meeting at nine' } })
  expect(group?.membership.unreadCount).toBe(0)
  expect((await lines(bob, id))?.at(-1)).toBe('alice posted an announcement')
  const [told] = (await bob.history(id, 1)) ?? []
  expect(told?.content).toMatchObject({ event: 'ANNOUNCEMENT_POSTED', actor: { id: alice.id } })
  expect(told?.sentAt).toBe(posted.createdAt)
})

test('the newest holds, and the earlier ones are kept, the newest first and in pages', async () => {
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

test('who joins reads what holds, and of the earlier ones only those of their history', async () => {
  const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
  const closed = await alice.creates('Since joining', [bob])
  const open = await alice.creates('Everything', [bob], { historyVisibility: 'ALL' })
  for (const { id } of [closed, open]) {
    await announces(alice, id, 'old')
    await announces(alice, id, 'present')
    await alice.adds(id, carol)
  }
  expect(await announced(carol, closed.id)).toEqual(['present'])
  expect(await announced(carol, open.id)).toEqual(['present', 'old'])
  expect(await carol.conversation(closed.id)).toMatchObject({ announcement: { text: 'present' } })
  await announces(alice, closed.id, 'new')
  expect(await announced(carol, closed.id)).toEqual(['new'])
  expect(await announced(bob, closed.id)).toEqual(['new', 'present', 'old'])
})

test('it is for the owner and admins, and nobody outside hears of it', async () => {
  const [alice, bob, carol, stranger] = await world.friends('alice', 'bob', 'carol', 'stranger')
  const { id } = await alice.creates('Team', [bob, carol])
  await alice.appoints(id, bob, 'ADMIN')
  expect(await refusal(announces(carol, id, 'mine'))).toBe('FORBIDDEN')
  expect(await refusal(announces(stranger, id, 'mine'))).toBe('NOT_FOUND')
  expect((await announces(bob, id, 'ours')).author.id).toBe(bob.id)
  await alice.removes(id, carol)
  expect(await refusal(announces(carol, id, 'mine'))).toBe('NOT_FOUND')
  await expect(announcements(carol, id)).rejects.toThrow('no group of theirs')
})

test('its length and its characters have limits', async () => {
  const alice = await world.person('alice')
  const { id } = await alice.creates('Team', [])
  expect((await announces(alice, id, '😀'.repeat(20))).text).toHaveLength(40)
  for (const text of ['x'.repeat(21), '', '   ', '\u200b', 'a\0b', '\ud800'])
    expect(await refusal(announces(alice, id, text)), JSON.stringify(text)).toBe('INVALID_INPUT')
  expect(await announced(alice, id)).toHaveLength(1)
})
