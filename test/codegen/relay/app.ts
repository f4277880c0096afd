/** What a test sees of the Relay application. */
export interface Screen {
  /** The rows on the screen, from top to bottom. */
  rows(): string[]
  /** The buttons on the screen. */
  buttons(): string[]
  press(button: string): void
  close(): void
}

export interface Opening {
  first?: number
  last?: number
  before?: string
}

export interface RelayApp {
  history(id: string, opening: Opening): Screen
  members(id: string, opening: Opening): Screen
  receiveEvents(after: string): void
  /** The names of the operations sent over HTTP. */
  requests: string[]
  /** The types of the received events. */
  received: string[]
  /** The objects of the store that have an id, by their keys. */
  objects(): { key: string; id: string; type: string }[]
  close(): void | Promise<void>
}

export interface AppSettings {
  url: string
  accessToken: () => string
  webSocketImpl: unknown
  /** Whether to send the ids of documents instead of the documents. */
  idsOnly?: boolean
}
