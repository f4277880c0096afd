/** What a device says of whoever is at it, the lowest first: of several devices the highest is shown. */
export const deviceStatuses = ['AWAY', 'ONLINE', 'BUSY'] as const

export type DeviceStatus = (typeof deviceStatuses)[number]

export type PresenceStatus = DeviceStatus | 'OFFLINE'

/** What is shown of somebody's presence. */
export interface Presence {
  status: PresenceStatus
  lastSeenAt: Date | null
  /** It is the viewer's to see. */
  visible: boolean
}

/** What decides over what is shown. */
export interface PresenceFacts {
  /** The viewer is this person. */
  isSelf: boolean
  /** The viewer may see this person's presence. */
  mayBeSeen: boolean
  /** They wish to be shown as offline. */
  invisible: boolean
  /** What each of their devices says that is connected to a server that lives. */
  devices: readonly DeviceStatus[]
  lastSeenAt: Date | null
  now: Date
}

/** As exact as anybody is told. */
export const toTheMinute = (time: Date): Date => new Date(Math.floor(time.getTime() / 60_000) * 60_000)

/** One status for all devices: busy is meant for everybody who might write, away only for this device. */
export const highest = (devices: readonly DeviceStatus[]): PresenceStatus =>
  deviceStatuses.findLast((status) => devices.includes(status)) ?? 'OFFLINE'

/**
 * In this order: who may not see it sees nothing; invisible is offline; nobody is there without a device; then the
 * highest of what the devices say. Somebody invisible looks like somebody who went at the moment of choosing it.
 */
export function presenceShown(facts: PresenceFacts): Presence {
  const { isSelf, mayBeSeen, invisible, devices, lastSeenAt, now } = facts
  if (!isSelf && !mayBeSeen) return { status: 'OFFLINE', lastSeenAt: null, visible: false }
  const status = invisible ? 'OFFLINE' : highest(devices)
  return { status, lastSeenAt: status === 'OFFLINE' ? lastSeenAt : toTheMinute(now), visible: true }
}
