import { type EventType, type InboxEvent, inboxEvent } from './body.ts'
import { type Subjects, subjects } from './subjects.ts'

/** The schema version that added each event that is not in `subjects`. */
const sinceOthers = {
  ConversationSignal: 1,
  ConversationRemoved: 1,
  Checkpoint: 1,
  ResyncRequired: 1,
  SessionExpiring: 1,
  SessionEnded: 1,
} satisfies Record<Exclude<EventType, Subjects[keyof Subjects]['event']>, number>

const since = new Map<string, number>([
  ...Object.values(subjects).map(({ event, since }) => [event, since] as const),
  ...Object.entries(sinceOthers),
])

/** Clients without a version know all events. */
export const knows = (schemaVersion: number | null, type: EventType) =>
  schemaVersion === null || (since.get(type) ?? 1) <= schemaVersion

/** The events for a client of a schema version. Newer events are replaced by a Checkpoint, which advances the cursor. */
export class KnownEvents {
  readonly #schemaVersion: number | null
  #caughtUp = false

  constructor(schemaVersion: number | null) {
    this.#schemaVersion = schemaVersion
  }

  of(event: InboxEvent): InboxEvent {
    const { body, cursor } = event
    if (body.type === 'Checkpoint') this.#caughtUp ||= body.caughtUp
    if (knows(this.#schemaVersion, body.type)) return event
    return inboxEvent({ type: 'Checkpoint', caughtUp: this.#caughtUp, share: null }, cursor)
  }
}
