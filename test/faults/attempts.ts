import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { expectGapless, wholeHistory } from '../races/history.ts'
import { perform, Refused } from '../world/client.ts'
import { Register } from '../world/operations.ts'
import { credentialsOf, Person, passwordOf } from '../world/person.ts'

type Sent = Awaited<ReturnType<Person['sends']>>

/** One send with one key and its outcome, which is unknown while it is null. */
export interface Attempt {
  sender: Person
  conversationId: string
  clientMessageId: string
  answer: Sent | 'refused' | null
}

export async function signsUp(url: string, name: string): Promise<Person> {
  const device = { name: 'test', platform: 'WEB' as const }
  const input = { handle: name, displayName: name, password: passwordOf(name), device }
  const { register } = await perform(url, Register, { input }, null)
  return new Person(url, name, { id: register.user.id, handle: name }, credentialsOf(register))
}

export const acknowledged = (attempts: Attempt[]) =>
  attempts.filter(({ answer }) => answer instanceof Object).length

const retry = ({ sender, conversationId, clientMessageId }: Attempt) =>
  sender.sends(conversationId, clientMessageId, { clientMessageId })

/** Records the attempt before it is made; throws only if the server does not respond. */
export async function tries(
  sender: Person,
  conversationId: string,
  attempts: Attempt[],
  clientMessageId: string = randomUUID(),
): Promise<string> {
  const attempt: Attempt = { sender, conversationId, clientMessageId, answer: null }
  attempts.push(attempt)
  try {
    attempt.answer = await retry(attempt)
    return 'sent'
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    if (error.code !== 'OUTCOME_UNKNOWN') attempt.answer = 'refused'
    return error.code
  }
}

/**
 * Every acknowledged send exists once, as it was answered, for every reader; no refused one exists; of the
 * others at most one copy exists, and the retry says whether it does.
 */
export async function everythingIsThere(readers: Person[], attempts: Attempt[]): Promise<void> {
  const conversationIds = [...new Set(attempts.map(({ conversationId }) => conversationId))]
  const kept = await sameForAll(readers, conversationIds)
  for (const attempt of attempts) {
    const found = kept.filter(({ clientMessageId }) => clientMessageId === attempt.clientMessageId)
    if (attempt.answer === 'refused') expect(found).toEqual([])
    else if (attempt.answer) expect(found).toEqual([attempt.answer])
    else {
      attempt.answer = await retry(attempt)
      if (found.length > 0) expect(found).toEqual([attempt.answer])
    }
  }
  const keys = (await sameForAll(readers, conversationIds)).flatMap(
    (message) => message.clientMessageId ?? [],
  )
  const wanted = attempts.filter(({ answer }) => answer !== 'refused')
  expect(keys.sort()).toEqual(wanted.map(({ clientMessageId }) => clientMessageId).sort())
}

async function sameForAll([first, ...others]: Person[], conversationIds: string[]): Promise<Sent[]> {
  if (!first) throw new Error('There is no reader.')
  const read = (person: Person) => Promise.all(conversationIds.map((id) => wholeHistory(person, id)))
  const histories = await read(first)
  for (const history of histories) expectGapless(history)
  for (const other of others) expect(await read(other)).toEqual(histories)
  return histories.flat()
}
