import { type EventBody, type InboxEvent, inboxEvent } from './body.ts'

/** Events that came with a later version of the schema than its first. */
const since: Partial<Record<EventBody['type'], number>> = {
  JoinRequestChanged: 2,
  MediaChanged: 2,
}

/** Whoever names no version knows them all. */
export const knows = (schemaVersion: number | null, type: EventBody['type']) =>
  schemaVersion === null || (since[type] ?? 1) <= schemaVersion

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
