import type { Config } from '../config.ts'
import { type Refusal, refuse } from '../errors.ts'
import type { DeliveryMode } from '../platform/db/generated/enums.ts'

export type GroupRole = 'OWNER' | 'ADMIN' | 'MEMBER'

/** What decides whether a member may send now, read under the group's lock. */
export interface GroupSendFacts {
  role: GroupRole
  mutedUntil: Date | null
  postingPolicy: 'EVERYONE' | 'ADMINS'
  mutedAll: boolean
  /** The database's clock. */
  now: Date
}

export const isManager = (role: GroupRole | null): boolean => role === 'OWNER' || role === 'ADMIN'

/** A member who is muted is not heard at all: they may neither send nor react. */
export function muteRefusal({ mutedUntil, now }: Pick<GroupSendFacts, 'mutedUntil' | 'now'>): Refusal | null {
  if (!mutedUntil || mutedUntil <= now) return null
  return refuse('MUTED', 'You may not send in this group for now.', { mutedUntil: mutedUntil.toISOString() })
}

/** Why a member may not send now, or null. A mute of one's own binds everybody, the group's rules only members. */
export function groupSendRefusal(facts: GroupSendFacts): Refusal | null {
  const muted = muteRefusal(facts)
  if (muted) return muted
  if (isManager(facts.role)) return null
  if (facts.mutedAll) return refuse('MUTED', 'Only admins may send in this group for now.')
  if (facts.postingPolicy === 'ADMINS') return refuse('FORBIDDEN', 'Only admins may send in this group.')
  return null
}

/**
 * Why a member must wait before the next message, or null: in slow mode there is a time between two of one person. It is
 * asked once for each message of a batch, in their order, and not for an edit.
 */
export function slowModeRefusal(facts: {
  role: GroupRole | null
  slowModeSeconds: number | null
  lastSentAt: Date | null
  now: Date
}): Refusal | null {
  if (!facts.slowModeSeconds || isManager(facts.role) || !facts.lastSentAt) return null
  const retryAfterMs = facts.lastSentAt.getTime() + facts.slowModeSeconds * 1000 - facts.now.getTime()
  if (retryAfterMs <= 0) return null
  return refuse('RATE_LIMITED', 'The group is in slow mode: wait before the next message.', { retryAfterMs })
}

/** Changing the group's settings and adding people. */
export function manageRefusal(role: GroupRole | null): Refusal | null {
  return isManager(role) ? null : refuse('FORBIDDEN', 'Only the owner and admins of the group may do this.')
}

/** Roles, transfer and dissolving. */
export function ownerRefusal(role: GroupRole | null): Refusal | null {
  return role === 'OWNER' ? null : refuse('FORBIDDEN', 'Only the owner of the group may do this.')
}

/** Removing and muting: the owner anyone, admins members. */
export function rankRefusal(actor: GroupRole | null, subject: GroupRole | null): Refusal | null {
  if (actor === 'OWNER' || (actor === 'ADMIN' && subject === 'MEMBER')) return null
  if (actor === 'ADMIN')
    return refuse('FORBIDDEN', 'Only the owner may do this to an admin, and nobody to the owner.')
  return manageRefusal(actor)
}

/**
 * How somebody gets in who is not in the group: at once, by asking, or not at all, which answers as if there were no
 * group. An invite is the word of an admin and goes before the policy; a removal closes what the policy opens.
 */
export function joinOutcome(
  joinPolicy: 'INVITE_ONLY' | 'APPROVAL' | 'OPEN',
  { invited, removed }: { invited: boolean; removed: boolean },
): 'JOIN' | 'ASK' | null {
  if (invited) return 'JOIN'
  if (removed || joinPolicy === 'INVITE_ONLY') return null
  return joinPolicy === 'OPEN' ? 'JOIN' : 'ASK'
}

export function sizeRefusal(memberCount: number, config: Config): Refusal | null {
  const limit = config.limits.groupSize
  if (memberCount <= limit) return null
  return refuse('LIMIT_EXCEEDED', `A group has at most ${limit} members.`, { limit })
}

/** How many may be added in one call. */
export function additionsRefusal(count: number, config: Config): Refusal | null {
  const limit = config.limits.groupAdditions
  if (count <= limit) return null
  return refuse('LIMIT_EXCEEDED', `At most ${limit} people are added in one call.`, { limit })
}

/**
 * Whether every change travels to every member, or a signal does: above the limit a signal, and back only when the
 * group has shrunk well below it, so that it does not flip with each person who comes or goes.
 */
export function deliveryModeAt(memberCount: number, limit: number, present: DeliveryMode): DeliveryMode {
  if (memberCount > limit) return 'SIGNAL'
  return memberCount <= limit * 0.9 ? 'INLINE' : present
}
