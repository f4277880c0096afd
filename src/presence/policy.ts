export const presenceStatuses = ['ONLINE', 'AWAY', 'BUSY', 'OFFLINE'] as const

export type PresenceStatus = (typeof presenceStatuses)[number]

/** What is shown of somebody's presence. */
export interface Presence {
  status: PresenceStatus
  lastSeenAt: Date | null
}

/** What decides over what is shown. */
export interface PresenceFacts {
  /** The viewer is this person. */
  isSelf: boolean
  /** The viewer may see this person's presence. */
  mayBeSeen: boolean
  /** A socket of theirs is open on a server that lives. */
  connected: boolean
  /** As they wish to be shown. */
  chosen: PresenceStatus
  lastSeenAt: Date | null
  now: Date
}

/** As exact as anybody is told. */
export const toTheMinute = (time: Date): Date => new Date(Math.floor(time.getTime() / 60_000) * 60_000)

const hidden: Presence = { status: 'OFFLINE', lastSeenAt: null }

/**
 * In this order: who may not see it sees nothing; invisible is offline; nobody is there without a socket; then what
 * the person chose. Somebody invisible looks like somebody who went at the moment of choosing it.
 */
export function presenceShown(facts: PresenceFacts): Presence {
  const { isSelf, mayBeSeen, connected, chosen, lastSeenAt, now } = facts
  if (isSelf) return { status: chosen, lastSeenAt: chosen === 'OFFLINE' ? lastSeenAt : toTheMinute(now) }
  if (!mayBeSeen) return hidden
  if (chosen === 'OFFLINE' || !connected) return { status: 'OFFLINE', lastSeenAt }
  return { status: chosen, lastSeenAt: toTheMinute(now) }
}
