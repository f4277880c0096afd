import { type GraphQLObjectType, getNamedType, isLeafType, isObjectType, isRequiredArgument } from 'graphql'
import { schema } from '../../clients/entities.ts'
import { ask } from '../../server/wire.ts'
import type { Scene } from './scene.ts'

/** Every type whose objects `node` returns. */
export const nodeTypes = [...schema.getPossibleTypes(schema.getType('Node') as never)].sort((a, b) =>
  a.name.localeCompare(b.name),
)

/** The id of an object of each type that is vera's, or of her group. */
export async function idsOf(scene: Scene): Promise<Record<string, string>> {
  const { cast, groupId, message, directId, friend } = scene
  const read = async (person = cast.vera, query: string) => {
    const { body } = await ask(person.url, query, person.credentials.accessToken)
    if (body.errors) throw new Error(JSON.stringify(body.errors))
    return [...JSON.stringify(body.data).matchAll(/"found":"([^"]+)"/g)].map(([, id]) => String(id))
  }
  const [member, announcement, membership] = await read(
    cast.vera,
    `{ conversation(id: "${groupId}") { ... on GroupConversation {
         members(query: "vera") { nodes { found: id } } announcement { found: id } membership { found: id } } } }`,
  )
  const [reaction, revision] = await read(
    cast.vera,
    `{ message(id: "${message.id}") { reactions { found: id } revisions { found: id } } }`,
  )
  const [friendship] = await read(cast.vera, `{ user(id: "${friend.id}") { friendship { found: id } } }`)
  const [invite, preview] = await read(
    cast.alice,
    `{ groupInvite(inviteCode: "${scene.inviteCode}") { found: id group { found: id } } }`,
  )
  const [audit] = await read(cast.molly, '{ auditLog(first: 1) { nodes { found: id } } }')
  const [me] = await read(cast.vera, '{ me { found: id } }')
  return {
    Announcement: announcement ?? '',
    AuditEntry: audit ?? '',
    DirectConversation: directId,
    FriendRequest: scene.friendRequestId,
    Friendship: friendship ?? '',
    GroupConversation: groupId,
    GroupInvite: invite ?? '',
    GroupJoinRequest: scene.joinRequestId,
    GroupMember: member ?? '',
    GroupPreview: preview ?? '',
    Me: me ?? '',
    Media: scene.mediaId,
    Membership: membership ?? '',
    Message: message.id,
    MessageRevision: revision ?? '',
    PushAttempt: scene.attemptId,
    PushDevice: scene.deviceId,
    ReactionGroup: reaction ?? '',
    Report: scene.reportId,
    Session: scene.sessionId,
    User: cast.vera.id,
  }
}

const argumentOf: Record<string, string> = { seq: '1', afterVersion: '0' }

/** Every field of a type: parts without an id in full, lists and other objects by their types. */
function selections(type: GraphQLObjectType): string {
  return Object.values(type.getFields())
    .map(({ name, args, type: of }) => {
      const named = getNamedType(of)
      const given = args.filter(isRequiredArgument).map((arg) => `${arg.name}: ${argumentOf[arg.name]}`)
      const field = given.length > 0 ? `${name}(${given.join(', ')})` : name
      if (isLeafType(named)) return field
      if (/Connection$/.test(named.name)) return `${field} { nodes { __typename } }`
      if (isObjectType(named) && !('id' in named.getFields()) && named.name !== 'ConversationChanges')
        return `${field} { ${selections(named)} }`
      return `${field} { __typename }`
    })
    .join(' ')
}

export const operationOn = (type: GraphQLObjectType, id: string) =>
  `{ node(id: "${id}") { ... on ${type.name} { ${selections(type)} } } }`

/** What a value shows: `yes`, `empty` for a list, or `null`; one entry for each part of an object. */
export function shown(value: unknown, path: string): [path: string, outcome: string][] {
  if (value === null) return [[path, 'null']]
  const list = (value as { nodes?: unknown[] }).nodes ?? value
  if (Array.isArray(list)) return [[path, list.length > 0 ? 'yes' : 'empty']]
  if (typeof value !== 'object' || '__typename' in value) return [[path, 'yes']]
  return Object.entries(value).flatMap(([name, part]) => shown(part, `${path}.${name}`))
}
