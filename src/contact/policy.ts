import type { Config } from '../config.ts'
import { type Refusal, refuse } from '../errors.ts'

/** What stands between one person, "me", and another, "the peer". */
export interface PairFacts {
  areFriends: boolean
  blockedByMe: boolean
  blockedByPeer: boolean
  /** The account is gone, or never was. */
  peerDeleted: boolean
}

type DirectMessages = Pick<Config, 'directMessagesFrom'>
type GroupAdditions = Pick<Config, 'groupAdditionsFrom'>

/**
 * Why I may not write to the peer, or null when I may. A block by the peer, a lost friendship and a deleted account
 * answer alike to the letter, so that nobody learns of a block by trying.
 */
export function directSendRefusal(facts: PairFacts, config: DirectMessages): Refusal | null {
  if (facts.blockedByMe) return refuse('BLOCKED', 'You have blocked this person; unblock them first.')
  if (isReachable(facts, config.directMessagesFrom)) return null
  return refuse('NOT_FRIENDS', 'Only friends may write to each other here.')
}

/**
 * Why I may not bring these people into a group: all or nothing, and the refusal names whom it is about. Whoever
 * blocks me answers like an account that is gone, and where only friends may be added, like a stranger.
 */
export function additionRefusal(
  people: (PairFacts & { userId: string; leftByChoice?: boolean })[],
  config: GroupAdditions,
): Refusal | null {
  const blocked = people.filter((person) => person.blockedByMe)
  if (blocked.length > 0)
    return refuse('BLOCKED', 'You have blocked some of these people; unblock them first.', {
      userIds: blocked.map((person) => person.userId),
    })
  const left = people.filter((person) => person.leftByChoice)
  if (left.length > 0)
    return refuse('FORBIDDEN', 'Some of these people have left the group; send them an invite.', {
      userIds: left.map((person) => person.userId),
    })
  const unreachable = people.filter((person) => !isReachable(person, config.groupAdditionsFrom))
  if (unreachable.length === 0) return null
  const userIds = unreachable.map((person) => person.userId)
  return config.groupAdditionsFrom === 'everyone'
    ? refuse('NOT_FOUND', 'Some of these people are not there for you to add.', { userIds })
    : refuse('NOT_FRIENDS', 'Some of these people are not friends of yours.', { userIds })
}

/** A person whom the viewer neither is friends with nor has a conversation with. */
export const isStranger = (facts: { areFriends: boolean; haveTalked: boolean }): boolean =>
  !facts.areFriends && !facts.haveTalked

function isReachable(facts: PairFacts, from: 'friends' | 'everyone'): boolean {
  if (facts.blockedByPeer || facts.peerDeleted) return false
  return facts.areFriends || from === 'everyone'
}

/** Why this person may not settle a friend request so, or null. Repeating what was done is no fault. */
export function resolveRefusal(
  request: { fromId: string; toId: string; status: string },
  personId: string,
  wanted: 'ACCEPTED' | 'DECLINED' | 'CANCELLED',
): Refusal | null {
  if (wanted === 'CANCELLED' && request.fromId !== personId)
    return refuse('FORBIDDEN', 'Only its sender may cancel a request.')
  if (wanted !== 'CANCELLED' && request.toId !== personId)
    return refuse('FORBIDDEN', 'Only its recipient may answer a request.')
  if (request.status === wanted || request.status === 'PENDING') return null
  return refuse('CONFLICT', 'The request is no longer pending.')
}
