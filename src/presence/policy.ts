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

/** The presence of a user for a viewer who may not see it. */
export const hiddenPresence: Presence = { status: 'OFFLINE', lastSeenAt: null, visible: false }

/** What a presence that the viewer may see depends on. */
export interface PresenceFacts {
  /** The user chose to be shown as offline, or blocks the viewer. */
  invisible: boolean
  /** null if the user never connected; the time of the block if the user blocks the viewer. */
  lastSeenAt: Date | null
  /** The status of each connected device. */
  devices: readonly DeviceStatus[]
  now: Date
}

/** The precision of lastSeenAt. */
export const toTheMinute = (time: Date): Date => new Date(Math.floor(time.getTime() / 60_000) * 60_000)

/** One status for all devices: BUSY is for everyone who may write, AWAY is about one device only. */
export const highest = (devices: readonly DeviceStatus[]): PresenceStatus =>
  deviceStatuses.findLast((status) => devices.includes(status)) ?? 'OFFLINE'

/**
 * OFFLINE for an invisible user and without a connected device, else the highest status of the devices. An invisible user
 * looks like one who disconnected when choosing it.
 */
export function presenceShown(facts: PresenceFacts): Presence {
  const { invisible, lastSeenAt, devices, now } = facts
  const status = invisible ? 'OFFLINE' : highest(devices)
  return { status, lastSeenAt: status === 'OFFLINE' ? lastSeenAt : toTheMinute(now), visible: true }
}
