import type { Config, Limits } from '../config.ts'
import { type Refusal, refuse } from '../errors.ts'
import type {
  DeliveryMode,
  GroupRole,
  JoinPolicy,
  MentionAllPolicy,
  PostingPolicy,
} from '../platform/db/generated/enums.ts'

/** What decides whether a member may send now, read under the group's lock. */
export interface GroupSendFacts {
  role: GroupRole
  mutedUntil: Date | null
  postingPolicy: PostingPolicy
  mutedAll: boolean
  /** The database's clock. */
  now: Date
}

export const isManager = (role: GroupRole | null): boolean => role === 'OWNER' || role === 'ADMIN'

/** A muted member may neither send nor react. */
export function muteRefusal({ mutedUntil, now }: Pick<GroupSendFacts, 'mutedUntil' | 'now'>): Refusal | null {
  if (!mutedUntil || mutedUntil <= now) return null
  return refuse('MUTED', 'You are muted in this group; wait until the given time.', {
    until: mutedUntil.toISOString(),
  })
}

/** Why a member may not send now, or null. A personal mute applies to every role, the group's rules only to MEMBER. */
export function groupSendRefusal(facts: GroupSendFacts): Refusal | null {
  const muted = muteRefusal(facts)
  if (muted) return muted
  if (isManager(facts.role)) return null
  if (facts.mutedAll) return refuse('MUTED', 'The group is muted: only its owner and admins may send.')
  if (facts.postingPolicy === 'ADMINS')
    return refuse('FORBIDDEN', 'Only the owner and admins may send in this group.')
  return null
}

/**
 * Slow mode: why a member must wait before the next message, or null. Called once for each message of a batch, in
 * order, and not for an edit.
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
  return refuse('RATE_LIMITED', 'The group is in slow mode; retry after the given time.', { retryAfterMs })
}

/** What decides whether a member may mention all members. */
export interface MentionAllFacts {
  role: GroupRole | null
  memberCount: number
  mentionAllPolicy: MentionAllPolicy
}

export function mentionAllRefusal(
  { role, memberCount, mentionAllPolicy }: MentionAllFacts,
  config: Config,
): Refusal | null {
  if (isManager(role) || mentionAllPolicy === 'EVERYONE') return null
  if (mentionAllPolicy === 'BY_SIZE' && memberCount <= config.limits.mentionAllGroupSize) return null
  return refuse('FORBIDDEN', 'Only the owner and admins may mention all members of this group.')
}

/** For changing the group's settings, its members and invites. */
export function manageRefusal(role: GroupRole | null): Refusal | null {
  return isManager(role) ? null : refuse('FORBIDDEN', 'Only the owner and admins of the group may do this.')
}

/** For roles, transfer and dissolving. */
export function ownerRefusal(role: GroupRole | null): Refusal | null {
  return role === 'OWNER' ? null : refuse('FORBIDDEN', 'Only the owner of the group may do this.')
}

/** For removing and muting: the owner may do it to anyone, admins only to members. */
export function rankRefusal(actor: GroupRole | null, subject: GroupRole | null): Refusal | null {
  if (actor === 'OWNER' || (actor === 'ADMIN' && subject === 'MEMBER')) return null
  if (actor === 'ADMIN') return refuse('FORBIDDEN', 'Admins may do this to members only.')
  return manageRefusal(actor)
}

/**
 * How a user who is not a member joins: at once, by a join request, or not at all (null), which is answered like a
 * missing group. An invite overrides the join policy; without one, a removed member cannot join.
 */
export function joinOutcome(
  joinPolicy: JoinPolicy,
  { invited, removed }: { invited: boolean; removed: boolean },
): 'JOIN' | 'ASK' | null {
  if (invited) return 'JOIN'
  if (removed || joinPolicy === 'INVITE_ONLY') return null
  return joinPolicy === 'OPEN' ? 'JOIN' : 'ASK'
}

export function sizeRefusal(memberCount: number, config: Config): Refusal | null {
  const limit = config.limits.groupSize
  if (memberCount <= limit) return null
  return refuse('LIMIT_EXCEEDED', `A group can have at most ${limit} members.`, { limit })
}

/** Limits how many members one call adds. */
export function additionsRefusal(count: number, config: Config): Refusal | null {
  const limit = config.limits.groupAdditions
  if (count <= limit) return null
  return refuse('LIMIT_EXCEEDED', `At most ${limit} members can be added in one call.`, { limit })
}

/** The sizes up to which a group has the modes INLINE and BROADCAST. */
type DeliverySizes = Pick<Limits, 'immediateGroupSize' | 'inlineGroupSize'>

/**
 * The delivery mode of a group of this size. A group that shrinks keeps the mode of larger ones down to 90 % of the size, so
 * that the mode does not flip with each join and leave.
 */
export function deliveryModeAt(
  memberCount: number,
  sizes: DeliverySizes,
  current: DeliveryMode,
): DeliveryMode {
  const isAbove = (size: number, keeps: boolean) => memberCount > (keeps ? size * 0.9 : size)
  if (isAbove(sizes.inlineGroupSize, current === 'SIGNAL')) return 'SIGNAL'
  return isAbove(sizes.immediateGroupSize, current !== 'INLINE') ? 'BROADCAST' : 'INLINE'
}
