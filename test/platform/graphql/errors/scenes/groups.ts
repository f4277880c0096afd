import { approves, asksToJoin, declines } from '../../../../group/verbs.ts'
import type { Person } from '../../../../world/person.ts'
import { type Call, key, long, type Scene, type Scenes, type Stage, unknown } from '../stage.ts'

const inGroup = (as: Person, { id }: { id: string }, more: object = {}): Call => ({
  as,
  input: { groupId: id, ...more },
})

const onMember = (as: Person, group: { id: string }, { id }: { id: string }, more: object = {}) =>
  inGroup(as, group, { userId: id, ...more })

/** By a member who is not the owner. */
const byMember =
  (more: (stage: Stage) => object = () => ({})): Scene =>
  (stage) =>
    inGroup(stage.bob, stage.group, more(stage))

const onCarol = (more: object = {}) => byMember(({ carol }) => ({ userId: carol.id, ...more }))

const byIdOf = (as: Person, { id }: { id: string }): Call => ({ as, input: { joinRequestId: id } })

/** A group with as many members as a group may have. */
async function fullGroup({ world }: Stage, joinPolicy: 'OPEN' | 'APPROVAL') {
  const [owner, ...members] = await world.people('eli', 'fay', 'gus', 'hal', 'ida', 'jon')
  const { id } = await owner.creates('the full club', members, { joinPolicy })
  return { id, owner }
}

const foundedWith = (as: Person, ...members: { id: string }[]): Call => ({
  as,
  input: { name: 'a club', memberIds: members.map(({ id }) => id) },
})

const onlyFriends = { groupAdditionsFrom: 'friends' } as const

export const groupScenes: Scenes = {
  createGroup: {
    BLOCKED: ({ alice, dave }) => foundedWith(alice, dave),
    CONFLICT: async ({ alice }) => {
      const idempotencyKey = key()
      await alice.creates('one', [], { idempotencyKey })
      return { as: alice, input: { name: 'another', memberIds: [], idempotencyKey } }
    },
    INVALID_INPUT: ({ alice }) => ({ as: alice, input: { name: '', memberIds: [] } }),
    LIMIT_EXCEEDED: ({ alice }) => foundedWith(alice, ...[1, 2, 3, 4, 5, 6].map((n) => ({ id: `u${n}` }))),
    NOT_FRIENDS: ({ alice, erin }) => ({ ...foundedWith(alice, erin), settings: onlyFriends }),
    RATE_LIMITED: async ({ world, alice }) => {
      const stranger = await world.person('kim')
      return { ...foundedWith(alice, stranger), upTo: 3 }
    },
  },
  updateGroup: {
    FORBIDDEN: byMember(() => ({ name: 'ours' })),
    INVALID_INPUT: ({ alice, group }) => inGroup(alice, group, { name: '' }),
  },
  dissolveGroup: { FORBIDDEN: byMember() },
  leaveGroup: { CONFLICT: ({ alice, group }) => inGroup(alice, group) },
  addGroupMembers: {
    BLOCKED: ({ alice, group, dave }) => inGroup(alice, group, { userIds: [dave.id] }),
    FORBIDDEN: byMember(({ erin }) => ({ userIds: [erin.id] })),
    LIMIT_EXCEEDED: async (stage) => {
      const full = await fullGroup(stage, 'OPEN')
      return inGroup(full.owner, full, { userIds: [stage.bob.id] })
    },
    NOT_FRIENDS: ({ alice, group, erin }) => ({
      ...inGroup(alice, group, { userIds: [erin.id] }),
      settings: onlyFriends,
    }),
    RATE_LIMITED: async ({ world, alice, group }) => {
      const stranger = await world.person('lea')
      await alice.creates('a first club', [stranger])
      return inGroup(alice, group, { userIds: [stranger.id] })
    },
  },
  removeGroupMember: {
    FORBIDDEN: onCarol(),
    INVALID_INPUT: ({ alice, group }) => onMember(alice, group, alice),
  },
  setGroupMemberRole: {
    FORBIDDEN: onCarol({ role: 'ADMIN' }),
    INVALID_INPUT: ({ alice, bob, group }) => onMember(alice, group, bob, { role: 'OWNER' }),
  },
  transferGroup: {
    FORBIDDEN: onCarol(),
    INVALID_INPUT: ({ alice, group }) => onMember(alice, group, alice),
  },
  muteGroupMember: {
    FORBIDDEN: onCarol(),
    INVALID_INPUT: ({ alice, bob, group }) =>
      onMember(alice, group, bob, { until: '2000-01-01T00:00:00.000Z' }),
  },
  postAnnouncement: {
    FORBIDDEN: byMember(() => ({ text: 'No dogs.' })),
    INVALID_INPUT: ({ alice, group }) => inGroup(alice, group, { text: '' }),
  },
  createGroupInvite: {
    FORBIDDEN: byMember(),
    INVALID_INPUT: ({ alice, slow }) => inGroup(alice, slow, { maxUses: 0 }),
    LIMIT_EXCEEDED: ({ alice, group }) => inGroup(alice, group),
    RATE_LIMITED: async ({ world }) => {
      const owner = await world.person('mia')
      const { id } = await owner.creates('hers', [])
      return { ...inGroup(owner, { id }), upTo: 8, until: 'RATE_LIMITED' }
    },
  },
  revokeGroupInvite: {
    FORBIDDEN: ({ bob, targets }) => ({ as: bob, input: { inviteCode: targets.inviteCode } }),
  },
  joinGroup: {
    INVALID_INPUT: ({ mallory, group }) => ({
      as: mallory,
      input: { group: { groupId: group.id }, note: long },
    }),
    LIMIT_EXCEEDED: async (stage) => {
      const { id } = await fullGroup(stage, 'OPEN')
      return { as: stage.mallory, input: { group: { groupId: id } } }
    },
    RATE_LIMITED: async ({ world }) => ({
      as: await world.person('ned'),
      input: { group: { groupId: unknown.id } },
      upTo: 6,
      until: 'RATE_LIMITED',
    }),
  },
  approveJoinRequest: {
    CONFLICT: async ({ world, alice }) => {
      const { id } = await alice.creates('the closed door', [], { joinPolicy: 'APPROVAL' })
      const request = await asksToJoin(await world.person('oda'), id)
      await declines(alice, request)
      return byIdOf(alice, request)
    },
    FORBIDDEN: ({ bob, targets }) => byIdOf(bob, { id: targets.joinRequestId }),
    LIMIT_EXCEEDED: async (stage) => {
      const { id, owner } = await fullGroup(stage, 'APPROVAL')
      return byIdOf(owner, await asksToJoin(stage.mallory, id))
    },
  },
  declineJoinRequest: {
    CONFLICT: async ({ world, alice }) => {
      const { id } = await alice.creates('the open door', [], { joinPolicy: 'APPROVAL' })
      const request = await asksToJoin(await world.person('pia'), id)
      await approves(alice, request)
      return byIdOf(alice, request)
    },
    FORBIDDEN: ({ bob, targets }) => byIdOf(bob, { id: targets.joinRequestId }),
  },
}
