/** Ids and numbers, never content: losing a message costs time, not truth. */
export type BusMessage = Record<string, string | number | boolean | null>

export type BusListener = (message: BusMessage) => void

/** Tells other readers, in this process and others, that there is more to read. */
export interface Bus {
  /** Never throws and never waits. */
  publish(topic: string, message: BusMessage): void
  /** Resolves once the subscription is in force: whatever is published later is heard. */
  subscribe(topic: string, listener: BusListener): Promise<Unsubscribe>
  /** Called whenever messages may have been lost, such as after a reconnect. */
  onGap(listener: () => void): Unsubscribe
  close(): Promise<void>
}

export type Unsubscribe = () => void
