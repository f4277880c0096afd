import type pg from 'pg'
import type { Config } from '../../config.ts'
import { appendMessages, type NewMessage, type Numbers } from '../../conversation/append.ts'
import { invalidInput, notFound, type Refusal, refuse } from '../../errors.ts'
import { slowModeRefusal } from '../../group/policy.ts'
import { lockMedia, type MediaRow } from '../../media/store.ts'
import { beforeCommit } from '../../platform/db/outage.ts'
import { poolSql, type Sql } from '../../platform/db/sql.ts'
import { type MessageRow, messageColumns, nonMembersAmong } from '../store.ts'
import { mediaRefusal, nameMedia } from './attachments.ts'
import {
  loadSendPermissions,
  markSent,
  quoteRefusal,
  type SendPermission,
  sendRefusal,
} from './permission.ts'

/** A message from a person, who has a key for it. */
export interface SendRequest extends NewMessage {
  senderId: string
  clientMessageId: string
  requestHash: string
  /** Why it is not stored, unless it was stored before: a retry is answered whatever the sender may do by now. */
  refusal: Refusal | null
}

export type Outcome = MessageRow | Refusal | 'HELD'

export type Outcomes = Map<SendRequest, Outcome>

/** The same key was being stored in another conversation at the same moment; run the batch again. */
export class KeyRace extends Error {}

const keyText = (key: { senderId: string | null; clientMessageId: string | null }) =>
  `${key.senderId} ${key.clientMessageId}`

/**
 * Writes a batch of sends in one transaction. Each step is a statement of its own, after the lock: a look-up or a
 * permission read before the lock would see what was true before somebody else's commit.
 */
export async function writeBatch(
  client: pg.PoolClient,
  requests: SendRequest[],
  options: { config: Config; wait: boolean },
): Promise<Outcomes> {
  const sql = poolSql(client)
  const outcomes: Outcomes = new Map()
  await sql.query('begin')
  try {
    const { inside, outside } = await lockConversations(sql, requests, outcomes, options.wait)
    const fresh = new Set(await answerRetries(sql, [...inside, ...outside], outcomes))
    for (const request of outside) if (fresh.delete(request)) outcomes.set(request, notFound('conversation'))
    const welcome = applyRefusals([...fresh], outcomes)
    const allowed = await checkPermissions(sql, welcome, outcomes, options.config)
    if (allowed.length > 0) {
      const numbers = await appendMessages(sql, allowed)
      if (numbers.size < allowed.length) throw new KeyRace()
      for (const request of allowed)
        outcomes.set(request, storedMessage(request, numbers.get(request.id) as Numbers))
    }
  } catch (error) {
    await sql.query('rollback').catch(() => undefined)
    throw beforeCommit(error)
  }
  await commit(sql)
  return resolveDuplicates(requests, outcomes)
}

async function commit(sql: Sql): Promise<void> {
  try {
    await sql.query('commit')
  } catch {
    throw refuse('OUTCOME_UNKNOWN', 'The message may or may not have been sent; the same key decides.')
  }
}

// Key by key, as below. Conversations that none of their senders is in are not locked: outsiders must not slow a group.
const joined = `array(
  select k.conversation_id from unnest($1::text[], $2::text[]) as k (conversation_id, sender_id)
  cross join lateral (
    select from membership m where m.conversation_id = k.conversation_id and m.user_id = k.sender_id limit 1
  ) inside)`
const lockJoined = `select id from conversation where id = any(${joined}) order by id for no key update`
const readJoined = `select unnest(${joined}) as id`

/** Locks the conversations; what is left are sends by members, or by outsiders of a conversation that is not locked. */
async function lockConversations(sql: Sql, requests: SendRequest[], outcomes: Outcomes, wait: boolean) {
  const senders = [
    requests.map((request) => request.conversationId),
    requests.map((request) => request.senderId),
  ]
  const wanted = new Set(senders[0])
  const locked = idsOf(await sql.query(wait ? lockJoined : `${lockJoined} skip locked`, senders))
  if (locked.size === wanted.size) return { inside: requests, outside: [] }

  const held = idsOf(await sql.query(readJoined, senders))
  for (const request of requests)
    if (!locked.has(request.conversationId) && held.has(request.conversationId)) outcomes.set(request, 'HELD')
  const isLocked = (request: SendRequest) => locked.has(request.conversationId)
  return {
    inside: requests.filter(isLocked),
    outside: requests.filter((request) => !isLocked(request) && !outcomes.has(request)),
  }
}

const idsOf = (rows: unknown[]) => new Set((rows as { id: string }[]).map((row) => row.id))

// Key by key: as a join, it would go on reading the whole table if it was planned while that was small.
const existingByKey = `
  select ${messageColumns} from unnest($1::text[], $2::text[]) as k (sender_id, client_message_id)
  cross join lateral (
    select * from message where sender_id = k.sender_id and client_message_id = k.client_message_id limit 1
  ) s`

/** Answers those that are stored already; of several with one key in this batch only the first goes on. */
async function answerRetries(sql: Sql, requests: SendRequest[], outcomes: Outcomes): Promise<SendRequest[]> {
  const firsts = [...new Map([...requests].reverse().map((request) => [keyText(request), request])).values()]
  const stored = await sql.query<MessageRow>(existingByKey, [
    firsts.map((request) => request.senderId),
    firsts.map((request) => request.clientMessageId),
  ])
  const byKey = new Map(stored.map((message) => [keyText(message), message]))
  for (const request of requests) {
    const message = byKey.get(keyText(request))
    if (message) outcomes.set(request, sameOrConflict(request, message))
  }
  const kept = new Set(firsts)
  return requests.filter((request) => kept.has(request) && !outcomes.has(request))
}

function applyRefusals(requests: SendRequest[], outcomes: Outcomes): SendRequest[] {
  for (const request of requests) if (request.refusal) outcomes.set(request, request.refusal)
  return requests.filter((request) => !request.refusal)
}

export function sameOrConflict(
  request: { requestHash: string | null },
  message: MessageRow,
  path = 'input.clientMessageId',
): MessageRow | Refusal {
  if (message.requestHash === request.requestHash) return message
  const issues = [{ path, message: 'was used for another message' }]
  return refuse('CONFLICT', 'This clientMessageId was used for another message.', { issues })
}

async function checkPermissions(sql: Sql, requests: SendRequest[], outcomes: Outcomes, config: Config) {
  if (requests.length === 0) return []
  const factsFor = await loadSendPermissions(sql, requests)
  const strangers = await nonMembersAmong(sql, requests)
  const media = await lockMedia(
    sql,
    requests.flatMap((request) => request.mediaIds ?? []),
  )
  return requests.filter((request) => {
    const facts = factsFor(request)
    const refusal = facts
      ? requestRefusal(request, facts, { strangers, media, config })
      : sendRefusal(undefined, config)
    if (refusal) outcomes.set(request, refusal)
    else if (facts) markSent(facts)
    nameMedia(request, media)
    return !refusal
  })
}

function requestRefusal(
  request: SendRequest,
  facts: SendPermission,
  { strangers, media, config }: { strangers: Set<string>; media: Map<string, MediaRow>; config: Config },
): Refusal | null {
  return (
    sendRefusal(facts, config) ??
    quoteRefusal(facts, request.quoteSeq) ??
    mentionRefusal(request, strangers) ??
    mediaRefusal(request, media) ??
    slowModeRefusal(facts)
  )
}

export function mentionRefusal(
  message: { conversationId: string; mentions: (string | null)[] },
  strangers: Set<string>,
  path = 'input.content.richText',
): Refusal | null {
  const stranger = message.mentions.find((userId) => strangers.has(`${message.conversationId} ${userId}`))
  if (stranger === undefined) return null
  return invalidInput({
    path,
    message: `mentions ${stranger}, who is not in the conversation`,
  })
}

/** A request with the key of an earlier one in the same batch gets that one's answer, or a conflict. */
function resolveDuplicates(requests: SendRequest[], outcomes: Outcomes): Outcomes {
  const answers = new Map<string, Outcome>()
  for (const request of requests) {
    const key = keyText(request)
    const first = answers.get(key)
    if (!outcomes.has(request) && first)
      outcomes.set(
        request,
        first instanceof Object && 'seq' in first ? sameOrConflict(request, first) : first,
      )
    const outcome = outcomes.get(request)
    if (!first && outcome) answers.set(key, outcome)
  }
  return outcomes
}

export function storedMessage(request: NewMessage & { refusal?: unknown }, numbers: Numbers): MessageRow {
  const { mentions: _mentions, mediaIds: _mediaIds, refusal: _refusal, ...columns } = request
  return { ...columns, ...numbers, editedAt: null, recalledAt: null, recalledById: null }
}
