import { expect } from 'vitest'
import type { Person } from '../world/person.ts'

type Message = NonNullable<Awaited<ReturnType<Person['message']>>>

/** All messages of a conversation that a user may read, over pages. */
export async function wholeHistory(person: Person, conversationId: string): Promise<Message[]> {
  const messages: Message[] = []
  for (let after = 0, more = true; more; ) {
    const changes = await person.changes(conversationId, after)
    if (!changes) throw new Error(`${person.name} does not see ${conversationId}.`)
    messages.push(...changes.messages)
    after = changes.version
    more = changes.hasMore
  }
  return messages.sort((a, b) => a.seq - b.seq)
}

/** The numbers have no gaps from the first on, and the times do not decrease. */
export function expectGapless(messages: Message[]): void {
  expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_message, index) => index + 1))
  expect(new Set(messages.map(({ id }) => id)).size).toBe(messages.length)
  const times = messages.map(({ sentAt }) => sentAt)
  expect(times).toEqual([...times].sort())
}
