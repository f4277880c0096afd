import type { Config } from '../config.ts'
import { type Refusal, refuse } from '../errors.ts'

/** The relation of the viewer ("me") to another user ("the peer"). */
export interface PairFacts {
  areFriends: boolean
  blockedByMe: boolean
  blockedByPeer: boolean
  /** The account was deleted or never existed. */
  peerDeleted: boolean
}

type DirectMessages = Pick<Config, 'directMessagesFrom'>
type GroupAdditions = Pick<Config, 'groupAdditionsFrom'>

/**
 * Why the viewer may not write to the peer; null if allowed. A block by the peer, an ended friendship and a deleted
 * account give the same error, so that it does not reveal a block.
 */
export function directSendRefusal(facts: PairFacts, config: DirectMessages): Refusal | null {
  if (facts.blockedByMe) return refuse('BLOCKED', 'You have blocked this user; unblock them first.')
  if (isReachable(facts, config.directMessagesFrom)) return null
  return refuse('NOT_FRIENDS', 'Only friends may write to each other on this server.')
}

/**
 * Why the viewer may not add these users to a group; null if all may be added. The error lists the users in question. A
 * user who blocks the viewer gives the same error as a deleted account, or as a non-friend if only friends may be added.
 */
export function additionRefusal(
  people: (PairFacts & { userId: string; leftByChoice?: boolean })[],
  config: GroupAdditions,
): Refusal | null {
  const blocked = people.filter((person) => person.blockedByMe)
  if (blocked.length > 0)
    return refuse('BLOCKED', 'You have blocked some of these users; unblock them first.', {
      userIds: blocked.map((person) => person.userId),
    })
  const left = people.filter((person) => person.leftByChoice)
  if (left.length > 0)
    return refuse('FORBIDDEN', 'Some of these users have left the group; send them an invite.', {
      userIds: left.map((person) => person.userId),
    })
  const unreachable = people.filter((person) => !isReachable(person, config.groupAdditionsFrom))
  if (unreachable.length === 0) return null
  const userIds = unreachable.map((person) => person.userId)
  return config.groupAdditionsFrom === 'everyone'
    ? refuse('NOT_FOUND', 'Some of these users were not found.', { userIds })
    : refuse('NOT_FRIENDS', 'Some of these users are not your friends.', { userIds })
}

/** Neither a friend nor a user with whom the viewer has a conversation. */
export const isStranger = (facts: { areFriends: boolean; haveTalked: boolean }): boolean =>
  !facts.areFriends && !facts.haveTalked

function isReachable(facts: PairFacts, from: 'friends' | 'everyone'): boolean {
  if (facts.blockedByPeer || facts.peerDeleted) return false
  return facts.areFriends || from === 'everyone'
}

/** Why this user may not give a friend request this status; null if allowed. Repeating the current status is allowed. */
export function resolveRefusal(
  request: { fromId: string; toId: string; status: string },
  userId: string,
  wanted: 'ACCEPTED' | 'DECLINED' | 'CANCELLED',
): Refusal | null {
  if (wanted === 'CANCELLED' && request.fromId !== userId)
    return refuse('FORBIDDEN', 'Only the sender may cancel a friend request.')
  if (wanted !== 'CANCELLED' && request.toId !== userId)
    return refuse('FORBIDDEN', 'Only the recipient may accept or decline a friend request.')
  if (request.status === wanted || request.status === 'PENDING') return null
  return refuse('CONFLICT', 'The friend request is no longer pending.')
}
