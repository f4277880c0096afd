import type { SystemChanges, SystemEvent } from '../../../conversation/system-message.ts'
import type { ContentPlace } from '../plain-text.ts'

/** The change of a system message, with the place of the message. */
export type Change<Event extends SystemEvent> = {
  event: Event
  place: ContentPlace
} & (Event extends keyof SystemChanges ? SystemChanges[Event] : object)
