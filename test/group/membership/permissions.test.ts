import { describe, expect, test } from 'vitest'
import { refusal } from '../../world/client.ts'
import type { Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import { dissolves, members, roles, transfers } from '../verbs.ts'

const world = useWorld()

/** A group with one of each role and two plain members, and a friend of all who is not in it. */
async function staged() {
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

type Verb = (person: Person, id: string, stage: Awaited<ReturnType<typeof staged>>) => Promise<unknown>

const forManagers: Record<string, Verb> = {
  'adding members': (person, id, { stranger }) => person.adds(id, stranger),
  'removing a member': (person, id, { other }) => person.removes(id, other),
  renaming: (person, id) => person.changesGroup(id, { name: 'Other' }),
  'muting all': (person, id) => person.changesGroup(id, { mutedAll: true }),
}

const forOwners: Record<string, Verb> = {
  'making an admin': (person, id, { other }) => person.appoints(id, other, 'ADMIN'),
  'handing it over': (person, id, { other }) => transfers(person, id, other),
  dissolving: (person, id) => dissolves(person, id),
}

describe.each(Object.entries(forManagers))('%s', (_name, verb) => {
  test('is for the owner and admins', async () => {
    const stage = await staged()
    expect(await refusal(verb(stage.member, stage.id, stage))).toBe('FORBIDDEN')
    await verb(stage.admin, stage.id, stage)
    const again = await staged()
    await verb(again.owner, again.id, again)
  })
})

describe.each(Object.entries(forOwners))('%s', (_name, verb) => {
  test('is for the owner', async () => {
    const stage = await staged()
    expect(await refusal(verb(stage.member, stage.id, stage))).toBe('FORBIDDEN')
    expect(await refusal(verb(stage.admin, stage.id, stage))).toBe('FORBIDDEN')
    await verb(stage.owner, stage.id, stage)
  })
})

test('who is not in a group learns no more of it than of none', async () => {
  const stage = await staged()
  const { stranger, owner, admin, id } = stage
  const verbs = { ...forManagers, ...forOwners, leaving: ((person, group) => person.leaves(group)) as Verb }
  const direct = (await owner.opens(admin)).id
  for (const [name, verb] of Object.entries(verbs)) {
    expect(await refusal(verb(stranger, id, stage)), name).toBe('NOT_FOUND')
    expect(await refusal(verb(stranger, 'group_nothing', stage)), name).toBe('NOT_FOUND')
    expect(await refusal(verb(owner, direct, stage)), name).toBe('NOT_FOUND')
  }
  expect(await stranger.conversation(id)).toBeNull()
  expect(await refusal(stranger.sends(id, 'hello'))).toBe('NOT_FOUND')
})

test('admins remove members only, the owner anyone, and nobody themselves', async () => {
  const { owner, admin, member, other, stranger, id } = await staged()
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

test('roles are given to members, by the owner, and never that of the owner', async () => {
  const { owner, member, stranger, id } = await staged()
  expect(await refusal(owner.appoints(id, member, 'OWNER'))).toBe('INVALID_INPUT')
  expect(await refusal(owner.appoints(id, owner, 'MEMBER'))).toBe('INVALID_INPUT')
  expect(await refusal(owner.appoints(id, stranger, 'ADMIN'))).toBe('NOT_FOUND')
  expect((await owner.appoints(id, member, 'ADMIN')).role).toBe('ADMIN')
  expect((await owner.appoints(id, member, 'ADMIN')).role).toBe('ADMIN')
  expect((await owner.appoints(id, member, 'MEMBER')).role).toBe('MEMBER')
})

test('members are listed by role and joining, filtered and in pages', async () => {
  const { owner, member, other, id } = await staged()
  await other.changesView(id, { nickname: 'Speedy' })
  const all = await roles(member, id)
  expect(all.slice(0, 2)).toEqual(['owner OWNER', 'admin ADMIN'])
  expect(all.slice(2).sort()).toEqual(['member MEMBER', 'other MEMBER'])
  expect(await roles(owner, id, { query: 'EEDY' })).toEqual(['other MEMBER'])
  expect(await roles(owner, id, { query: 'memb' })).toEqual(['member MEMBER'])
  expect(await roles(owner, id, { query: '%' })).toEqual([])
  expect(await roles(owner, id, { role: 'ADMIN' })).toEqual(['admin ADMIN'])

  const paged: string[] = []
  for (let after: string | null | undefined = null; after !== undefined; ) {
    const page = await members(owner, id, { first: 1, after })
    paged.push(...page.edges.map(({ node }) => `${node.user.displayName} ${node.role}`))
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined
  }
  expect(paged).toEqual(all)
})
