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

/**
 * Why I may not write to the peer, or null when I may. A block by the peer, a lost friendship and a deleted account
 * answer alike to the letter, so that nobody learns of a block by trying.
 */
export function directSendRefusal(facts: PairFacts, config: DirectMessages): Refusal | null {
  if (facts.blockedByMe) return refuse('BLOCKED', 'You have blocked this person; unblock them first.')
  if (isReachable(facts, config)) return null
  return refuse('NOT_FRIENDS', 'Only friends may write to each other here.')
}

/** Why I may not bring these people into a group: all or nothing, and the refusal names whom it is about. */
export function additionRefusal(
  people: (PairFacts & { userId: string })[],
  config: DirectMessages,
): Refusal | null {
  const blocked = people.filter((person) => person.blockedByMe)
  if (blocked.length > 0)
    return refuse('BLOCKED', 'You have blocked some of these people; unblock them first.', {
      userIds: blocked.map((person) => person.userId),
    })
  const unreachable = people.filter((person) => !isReachable(person, config))
  if (unreachable.length === 0) return null
  return refuse('NOT_FRIENDS', 'Some of these people are not friends of yours.', {
    userIds: unreachable.map((person) => person.userId),
  })
}

function isReachable(facts: PairFacts, config: DirectMessages): boolean {
  if (facts.blockedByPeer || facts.peerDeleted) return false
  return facts.areFriends || config.directMessagesFrom === 'everyone'
}
