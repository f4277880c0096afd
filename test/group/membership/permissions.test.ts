import { describe, expect, test } from 'vitest'
import { refusal } from '../../world/client.ts'
import type { Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import { dissolves, members, roles, transfers } from '../verbs.ts'

const world = useWorld()

/** A group with an owner, an admin and two members, and a friend of all who is not a member. */
async function groupWithRoles() {
  const [owner, admin, member, other, stranger] = await world.friends(
    'owner',
    'admin',
    'member',
    'other',
    'stranger',
  )
  const { id } = await owner.creates('Team', [admin, member, other])
  await owner.appoints(id, admin, 'ADMIN')
  return { owner, admin, member, other, stranger, id }
}

type Verb = (
  person: Person,
  id: string,
  group: Awaited<ReturnType<typeof groupWithRoles>>,
) => Promise<unknown>

const forManagers: Record<string, Verb> = {
  'adding members': (person, id, { stranger }) => person.adds(id, stranger),
  'removing a member': (person, id, { other }) => person.removes(id, other),
  renaming: (person, id) => person.changesGroup(id, { name: 'Other' }),
  'muting all': (person, id) => person.changesGroup(id, { mutedAll: true }),
}

const forOwners: Record<string, Verb> = {
  'making an admin': (person, id, { other }) => person.appoints(id, other, 'ADMIN'),
  'transferring it': (person, id, { other }) => transfers(person, id, other),
  dissolving: (person, id) => dissolves(person, id),
}

describe.each(Object.entries(forManagers))('%s', (_name, verb) => {
  test('is allowed for owner and admins, and FORBIDDEN for members', async () => {
    const group = await groupWithRoles()
    expect(await refusal(verb(group.member, group.id, group))).toBe('FORBIDDEN')
    await verb(group.admin, group.id, group)
    const again = await groupWithRoles()
    await verb(again.owner, again.id, again)
  })
})

describe.each(Object.entries(forOwners))('%s', (_name, verb) => {
  test('is allowed for the owner, and FORBIDDEN for admins and members', async () => {
    const group = await groupWithRoles()
    expect(await refusal(verb(group.member, group.id, group))).toBe('FORBIDDEN')
    expect(await refusal(verb(group.admin, group.id, group))).toBe('FORBIDDEN')
    await verb(group.owner, group.id, group)
  })
})

test('a non-member gets the same answers for a group as for a missing one', async () => {
  const group = await groupWithRoles()
  const { stranger, owner, admin, id } = group
  const verbs = {
    ...forManagers,
    ...forOwners,
    leaving: ((person, groupId) => person.leaves(groupId)) as Verb,
  }
  const direct = (await owner.opens(admin)).id
  for (const [name, verb] of Object.entries(verbs)) {
    expect(await refusal(verb(stranger, id, group)), name).toBe('NOT_FOUND')
    expect(await refusal(verb(stranger, 'group_nothing', group)), name).toBe('NOT_FOUND')
    expect(await refusal(verb(owner, direct, group)), name).toBe('NOT_FOUND')
  }
  expect(await stranger.conversation(id)).toBeNull()
  expect(await refusal(stranger.sends(id, 'hello'))).toBe('NOT_FOUND')
})

test('admins remove members, the owner anyone else, and none themselves', async () => {
  const { owner, admin, member, other, stranger, id } = await groupWithRoles()
  await owner.appoints(id, other, 'ADMIN')
  expect(await refusal(admin.removes(id, other))).toBe('FORBIDDEN')
  expect(await refusal(admin.removes(id, owner))).toBe('FORBIDDEN')
  expect(await refusal(admin.removes(id, admin))).toBe('INVALID_INPUT')
  expect(await refusal(owner.removes(id, owner))).toBe('INVALID_INPUT')
  expect(await refusal(admin.removes(id, stranger))).toBe('NOT_FOUND')
  expect((await admin.removes(id, member)).memberCount).toBe(3)
  expect((await owner.removes(id, other)).memberCount).toBe(2)
  expect(await roles(admin, id)).toEqual(['owner OWNER', 'admin ADMIN'])
})

test('setGroupMemberRole assigns ADMIN and MEMBER to members, never OWNER', async () => {
  const { owner, member, stranger, id } = await groupWithRoles()
  expect(await refusal(owner.appoints(id, member, 'OWNER'))).toBe('INVALID_INPUT')
  expect(await refusal(owner.appoints(id, owner, 'MEMBER'))).toBe('INVALID_INPUT')
  expect(await refusal(owner.appoints(id, stranger, 'ADMIN'))).toBe('NOT_FOUND')
  expect((await owner.appoints(id, member, 'ADMIN')).role).toBe('ADMIN')
  expect((await owner.appoints(id, member, 'ADMIN')).role).toBe('ADMIN')
  expect((await owner.appoints(id, member, 'MEMBER')).role).toBe('MEMBER')
})

test('members are listed by role and time of joining, filtered and in pages', async () => {
  const { owner, member, other, id } = await groupWithRoles()
  await other.changesView(id, { nickname: 'Speedy' })
  const all = await roles(member, id)
  expect(all.slice(0, 2)).toEqual(['owner OWNER', 'admin ADMIN'])
  expect(all.slice(2).sort()).toEqual(['member MEMBER', 'other MEMBER'])
  expect(await roles(owner, id, { query: 'EEDY' })).toEqual(['other MEMBER'])
  expect(await roles(owner, id, { query: 'memb' })).toEqual(['member MEMBER'])
  expect(await roles(owner, id, { query: '%' })).toEqual([])
  expect(await roles(owner, id, { role: 'ADMIN' })).toEqual(['admin ADMIN'])

  expect(await roles(owner, id, { query: 'x'.repeat(100) })).toEqual([])
  expect(await refusal(roles(owner, id, { query: 'x'.repeat(101) }))).toBe('INVALID_INPUT')

  const paged: string[] = []
  for (let after: string | null | undefined = null; after !== undefined; ) {
    const page = await members(owner, id, { first: 1, after })
    paged.push(...page.edges.map(({ node }) => `${node.user.displayName} ${node.role}`))
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined
  }
  expect(paged).toEqual(all)
})
