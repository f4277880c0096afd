import { type Refusal, refuse } from '../../errors.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { type MessageRow, messageColumns } from '../store.ts'
import type { Outcome, Outcomes, SendRequest } from './request.ts'

const keyText = (key: { senderId: string | null; clientMessageId: string | null }) =>
  `${key.senderId} ${key.clientMessageId}`

// Key by key: a join that was planned while the table was small keeps reading all of it.
const existingByKey = `
  select ${messageColumns} from unnest($1::text[], $2::text[]) as k (sender_id, client_message_id)
  cross join lateral (
    select * from message where sender_id = k.sender_id and client_message_id = k.client_message_id limit 1
  ) s`

/** The messages that exist for the keys of requests, by key. */
export async function existingMessages(sql: Sql, requests: SendRequest[]): Promise<Map<string, MessageRow>> {
  const existing = await sql.query<MessageRow>(existingByKey, [
    requests.map((request) => request.senderId),
    requests.map((request) => request.clientMessageId),
  ])
  return new Map(existing.map((message) => [keyText(message), message]))
}

/** Answers requests whose message exists. Returns the others, and only the first of several with the same key. */
export function answerRetries(
  requests: SendRequest[],
  existing: Map<string, MessageRow>,
  outcomes: Outcomes,
): SendRequest[] {
  const keys = new Set<string>()
  return requests.filter((request) => {
    const key = keyText(request)
    const message = existing.get(key)
    if (message) outcomes.set(request, sameOrConflict(request, message))
    const isFirst = !keys.has(key)
    keys.add(key)
    return isFirst && !message
  })
}

/** The message that exists for a key, if it was sent by an equal request. */
export function sameOrConflict(
  request: { requestHash: string | null },
  message: MessageRow,
  path = 'input.clientMessageId',
): MessageRow | Refusal {
  if (message.requestHash === request.requestHash) return message
  const issues = [{ path, message: 'was used for another message' }]
  return refuse('CONFLICT', 'This clientMessageId was used for another message.', { issues })
}

/** Gives a request the outcome of an earlier one in the batch with the same key, or a conflict. */
export function resolveDuplicates(requests: SendRequest[], outcomes: Outcomes): Outcomes {
  if (outcomes.size === requests.length) return outcomes
  const byKey = new Map<string, Outcome>()
  for (const request of requests) {
    const key = keyText(request)
    const first = byKey.get(key)
    if (!outcomes.has(request) && first)
      outcomes.set(
        request,
        first instanceof Object && 'seq' in first ? sameOrConflict(request, first) : first,
      )
    const outcome = outcomes.get(request)
    if (!first && outcome) byKey.set(key, outcome)
  }
  return outcomes
}
