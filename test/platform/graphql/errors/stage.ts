import { randomUUID } from 'node:crypto'
import type { Config } from '../../../../src/config.ts'
import type { Targets } from '../../../attack/every-mutation.ts'
import { inDatabase, onDevice } from '../../../auth/verbs.ts'
import { asks, blocks, unfriends } from '../../../contact/verbs.ts'
import { asksToJoin, invites, mutes } from '../../../group/verbs.ts'
import { createsUpload } from '../../../media/verbs.ts'
import { reportOf, reportsMessage } from '../../../moderation/verbs.ts'
import type { Person } from '../../../world/person.ts'
import type { World } from '../../../world/world.ts'

export type Stage = Awaited<ReturnType<typeof arrange>>

/** How a scene provokes its error. */
export interface Call {
  /** null for a client that is not signed in. */
  as: Person | null
  /** The operation, if it is not a mutation with `input`. */
  text?: string
  input?: object
  headers?: Record<string, string>
  /** Repeats the call, at most so often, until it is refused, with `until` if that is given. */
  upTo?: number
  until?: string
  /** Settings of the server during the call. */
  settings?: Partial<Config>
  socket?: boolean
  /** What happens while the call runs. */
  meanwhile?: (call: () => Promise<unknown>) => Promise<void>
}

export type Scene = (stage: Stage) => Call | Promise<Call>
export type Scenes = Record<string, Partial<Record<string, Scene>>>

/** Limits that a scene reaches with a few calls of a new user. */
export const smallLimits = {
  LIMIT_SEND_BURST: '40',
  LIMIT_SENDS_PER_SECOND: '1',
  LIMIT_EDITS_PER_MESSAGE: '1',
  LIMIT_REACTIONS_PER_PERSON: '1',
  LIMIT_PINNED_MESSAGES: '1',
  LIMIT_FORWARD_COUNT: '3',
  LIMIT_GROUP_SIZE: '6',
  LIMIT_GROUP_INVITES: '1',
  LIMIT_INVITES_PER_HOUR: '3',
  LIMIT_JOIN_REQUESTS_PER_HOUR: '4',
  LIMIT_REPORTS_PER_HOUR: '2',
  LIMIT_UPLOADS_PER_MINUTE: '3',
  LIMIT_UPLOAD_BYTES: '1000',
  LIMIT_FRIEND_REQUESTS_PER_HOUR: '8',
  LIMIT_ADDITIONS_PER_STRANGER: '1',
  LIMIT_NEW_ACCOUNT_STRANGERS_PER_DAY: '8',
  LIMIT_TEST_PUSHES_PER_HOUR: '2',
  LIMIT_PUSH_DEVICES: '1',
  LIMIT_PRESENCE_USERS: '1',
  LIMIT_LOGINS: '3',
  LIMIT_LOGINS_PER_ACCOUNT: '3',
  LIMIT_REGISTRATIONS_PER_HOUR: '2',
  LIMIT_VERIFICATIONS_PER_HOUR: '2',
  LIMIT_PASSWORD_RESETS_PER_HOUR: '2',
  // A port on which nothing listens, so that codes are stored and never sent.
  PUSH_GATEWAY_URL: 'http://127.0.0.1:9/',
  PUSH_GATEWAY_SECRET: 'a secret for the gateway that is long',
}

export const unknown = { id: 'unknown' }

/** Alice, with a conversation for each reason why a user may not write. */
export async function arrange(world: World, molly: Person) {
  const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
  const [mallory, dave, erin] = await world.people('mallory', 'dave', 'erin')
  const direct = await alice.opens(bob)
  const group = await alice.creates('the club', [bob, carol], { joinPolicy: 'APPROVAL' })
  const message = await alice.sends(group.id, 'hello')
  const bobs = await bob.sends(group.id, 'hello alice')
  const recalled = await bob.sends(group.id, 'oops')
  await bob.recalls(recalled)
  const system = (await alice.history(group.id))?.find(({ seq }) => seq === 1) ?? unknown

  const blocked = await conversationOf(alice, dave)
  await blocks(alice, dave)
  const parted = await conversationOf(alice, erin)
  await unfriends(alice, erin)
  const muted = await alice.creates('the quiet club', [bob])
  const unheard = await bob.sends(muted.id, 'before')
  await mutes(alice, muted.id, bob, '2100-01-01T00:00:00.000Z')
  const announcements = await alice.creates('the announcements', [bob], { postingPolicy: 'ADMINS' })
  const slow = await alice.creates('the slow club', [bob])
  await alice.changesGroup(slow.id, { slowModeSeconds: 3_600 })
  await bob.sends(slow.id, 'first')

  await reportsMessage(bob, message, 'SPAM')
  const phone = await onDevice(alice)
  const targets: Targets = {
    victimId: alice.id,
    groupId: group.id,
    directId: direct.id,
    messageId: message.id,
    friendRequestId: (await asks(alice, await world.person('frank'))).id,
    joinRequestId: (await asksToJoin(erin, group.id)).id,
    inviteCode: (await invites(alice, group.id)).inviteCode,
    mediaId: (await createsUpload(alice, { filename: 'a', mimeType: 'text/plain', byteSize: 5 })).media.id,
    pushDeviceId: unknown.id,
    sessionId: phone.credentials.sessionId,
    reportId: (await reportOf(molly, message)).id,
  }
  await alice.changesGroup(group.id, { joinPolicy: 'INVITE_ONLY' })
  return {
    ...{ world, alice, bob, carol, dave, erin, mallory, molly, targets },
    ...{ direct, group, blocked, parted, muted, announcements, slow },
    ...{ message, bobs, recalled, system, unheard },
    sql: (statement: string, ...params: unknown[]) => inDatabase(world, statement, params),
  }
}

/** A direct conversation with a message of the first user. */
async function conversationOf(one: Person, other: Person) {
  await one.befriends(other)
  const { id } = await one.opens(other)
  return { id, message: await one.sends(id, 'hello') }
}

export const key = () => randomUUID()
export const long = 'x'.repeat(5_000)
