/** Statuses of a device, lowest first. A user has the highest of their devices. */
export const deviceStatuses = ['AWAY', 'ONLINE', 'BUSY'] as const

export type DeviceStatus = (typeof deviceStatuses)[number]

export type PresenceStatus = DeviceStatus | 'OFFLINE'

/** A user's presence as the viewer sees it. */
export interface Presence {
  status: PresenceStatus
  lastSeenAt: Date | null
  /** Whether the viewer may see it. */
  visible: boolean
}

/** What the shown presence depends on. */
export interface PresenceFacts {
  /** The viewer is the user. */
  isSelf: boolean
  /** The viewer may see the user's presence. */
  mayBeSeen: boolean
  /** The user chose to be shown as offline. */
  invisible: boolean
  /** The status of each connected device. */
  devices: readonly DeviceStatus[]
  lastSeenAt: Date | null
  now: Date
}

/** The precision of lastSeenAt. */
export const toTheMinute = (time: Date): Date => new Date(Math.floor(time.getTime() / 60_000) * 60_000)

/** One status for all devices: BUSY is for everyone who may write, AWAY is about one device only. */
export const highest = (devices: readonly DeviceStatus[]): PresenceStatus =>
  deviceStatuses.findLast((status) => devices.includes(status)) ?? 'OFFLINE'

/**
 * In this order: OFFLINE for viewers who may not see it, for invisible users, and without a connected device; then the
 * highest status of the devices. An invisible user looks like one who disconnected when choosing it.
 */
export function presenceShown(facts: PresenceFacts): Presence {
  const { isSelf, mayBeSeen, invisible, devices, lastSeenAt, now } = facts
  if (!isSelf && !mayBeSeen) return { status: 'OFFLINE', lastSeenAt: null, visible: false }
  const status = invisible ? 'OFFLINE' : highest(devices)
  return { status, lastSeenAt: status === 'OFFLINE' ? lastSeenAt : toTheMinute(now), visible: true }
}
