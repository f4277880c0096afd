/** Ids and numbers, never content: losing a message costs time, not truth. */
export type BusMessage = Record<string, Scalar | readonly Scalar[]>

type Scalar = string | number | boolean | null

export type BusListener = (message: BusMessage) => void

/** Tells other readers, in this process and others, that there is more to read. */
export interface Bus {
  /** Whether this process hears what others publish. While it does not, readers look for themselves. */
  readonly healthy: boolean
  /** How many messages were dropped since the start. */
  readonly lost: number
  /** Never throws and never waits. */
  publish(topic: string, message: BusMessage): void
  /**
   * Resolves once the subscription is in force: whatever is published later is heard. While the bus is not healthy
   * it resolves all the same, within half a second, and a gap follows when it is in force.
   */
  subscribe(topic: string, listener: BusListener): Promise<Unsubscribe>
  /** Called whenever messages may have been lost: as the bus falls silent, and as it is heard again. */
  onGap(listener: () => void): Unsubscribe
  close(): Promise<void>
}

export type Unsubscribe = () => void
