import type { ChangeOf, SystemEvent } from '../../../conversation/system-message.ts'

/** Names in a sentence. */
export interface Names {
  actor: string
  subjects: string
  /** The user whose invite was used; null if there is none. */
  inviter: string | null
}

/** A sentence for each event. The change is missing in messages of servers that did not store it. */
export type Sentences = {
  [Event in SystemEvent]: (names: Names, change: ChangeOf<Event> | undefined) => string
}

export interface SystemTexts {
  sentences: Sentences
  /** The list of subjects, of whom `others` are not named. */
  list(names: string[], others: number): string
  unknownUser: string
  deletedUser: string
}
