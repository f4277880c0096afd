/** Ids and numbers, never content: a lost message costs time, not data. */
export type BusMessage = Record<string, Scalar | readonly Scalar[]>

type Scalar = string | number | boolean | null

export type BusListener = (message: BusMessage) => void

/** Publishes hints to the readers of this process and others that there is more to read. */
export interface Bus {
  /** Whether messages of other processes arrive. If not, readers poll the database. */
  readonly healthy: boolean
  /** Why Redis refuses commands, such as `out of memory`; null if it does not. The bus is then not healthy. */
  readonly refusal: string | null
  /** Number of messages dropped since the start. */
  readonly lost: number
  /** Never throws and never waits. */
  publish(topic: string, message: BusMessage): void
  /**
   * Resolves once the subscription is active. While the bus is not healthy it resolves within half a second, and a gap
   * follows when the subscription becomes active.
   */
  subscribe(topic: string, listener: BusListener): Promise<Unsubscribe>
  /** Called when messages may have been lost: when the connection is lost and when it is restored. */
  onGap(listener: () => void): Unsubscribe
  close(): Promise<void>
}

export type Unsubscribe = () => void
