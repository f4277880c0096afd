import { type EventType, type InboxEvent, inboxEvent } from './body.ts'
import { type Subjects, subjects } from './subjects.ts'

/** The schema version that added each event that is not the first of a subject. */
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

/** A client that names no version knows all events. */
export const knows = (schemaVersion: number | null, type: EventType) =>
  schemaVersion === null || (since.get(type) ?? 1) <= schemaVersion

/**
 * The events for a client that knows the schema up to a version: in place of what it cannot know comes a Checkpoint,
 * which moves it on. No generator: a return must not wait for the next event.
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
