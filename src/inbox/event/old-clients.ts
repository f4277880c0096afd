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

/**
 * The events for a client of a schema version. Newer events are replaced by a Checkpoint, which advances the cursor. Not a
 * generator, because return() must not wait for the next event.
 */
export function knownTo(
  schemaVersion: number,
  events: AsyncIterableIterator<InboxEvent>,
): AsyncIterableIterator<InboxEvent> {
  let caughtUp = false
  return {
    async next() {
      const { done, value } = await events.next()
      if (done) return { done, value }
      const { body, cursor } = value
      if (body.type === 'Checkpoint') caughtUp ||= body.caughtUp
      if (knows(schemaVersion, body.type)) return { done: false, value }
      return { done: false, value: inboxEvent({ type: 'Checkpoint', caughtUp, share: null }, cursor) }
    },
    async return() {
      await events.return?.()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
