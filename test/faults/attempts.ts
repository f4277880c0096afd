import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { expectGapless, wholeHistory } from '../races/history.ts'
import { perform, Refused } from '../world/client.ts'
import { Register } from '../world/operations.ts'
import { credentialsOf, Person, passwordOf } from '../world/person.ts'

type Sent = Awaited<ReturnType<Person['sends']>>

/** One send under one key, and what came of it so far: nothing certain while it is null. */
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

/** Notes the attempt before it is made; fails only when the server answers nothing at all. */
export async function tries(sender: Person, conversationId: string, attempts: Attempt[]): Promise<string> {
  const attempt: Attempt = { sender, conversationId, clientMessageId: randomUUID(), answer: null }
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
 * Every acknowledged send is there once, as it was answered, for everybody; nothing that was refused is there; of the
 * others at most one is, and the retry says which.
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
  if (!first) throw new Error('Nobody reads.')
  const read = (person: Person) => Promise.all(conversationIds.map((id) => wholeHistory(person, id)))
  const histories = await read(first)
  for (const history of histories) expectGapless(history)
  for (const other of others) expect(await read(other)).toEqual(histories)
  return histories.flat()
}
