import { logsOut } from '../../auth/verbs.ts'
import { blocks } from '../../contact/verbs.ts'
import type { Person } from '../../world/person.ts'
import type { World } from '../../world/world.ts'

/** The columns of docs/permissions.md, in their order. The user whom the objects belong to acts last. */
export const roles = [
  'anonymous',
  'stranger',
  'blocked',
  'member',
  'removed',
  'admin',
  'owner',
  'moderator',
  'revoked',
  'self',
] as const

export type Role = (typeof roles)[number]

export type Cast = Awaited<ReturnType<typeof castOf>>

/** Vera and the people who act on what is hers. */
export async function castOf(world: World, molly: Person) {
  const [vera, alice, ada, bob, dave] = await world.people('vera', 'alice', 'ada', 'bob', 'dave')
  const [eve, mallory, guest] = await world.people('eve', 'mallory', 'guest')
  await blocks(vera, eve)
  const ended = await alice.onAnotherDevice('stolen')
  await logsOut(ended)
  return { vera, alice, ada, bob, dave, eve, mallory, guest, molly, ended }
}

/** A group of alice: ada is an admin, bob and vera are members, and dave was one. */
export async function clubOf({ alice, ada, bob, vera, dave }: Cast) {
  const group = await alice.creates('the club', [ada, bob, vera, dave], { joinPolicy: 'APPROVAL' })
  await alice.appoints(group.id, ada, 'ADMIN')
  await alice.removes(group.id, dave)
  return group.id
}

/** Who acts in a role; whose own objects a call without a valid token names. */
export function actor(cast: Cast, role: Role): Person {
  const { vera, alice, ada, bob, dave, eve, mallory, molly, ended } = cast
  const people: Record<Role, Person> = {
    anonymous: mallory,
    stranger: mallory,
    blocked: eve,
    member: bob,
    removed: dave,
    admin: ada,
    owner: alice,
    moderator: molly,
    revoked: ended,
    self: vera,
  }
  return people[role]
}

export const tokenOf = (cast: Cast, role: Role) =>
  role === 'anonymous' ? undefined : actor(cast, role).credentials.accessToken
