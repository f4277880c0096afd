import pg from 'pg'
import type { Config } from '../../config.ts'
import { KeyRace, storeMessages } from '../../conversation/append/append.ts'
import type { ConversationHead, Heads } from '../../conversation/append/head.ts'
import { type NumberedMessage, numberMessages } from '../../conversation/append/number.ts'
import { lockConversations } from '../../conversation/lock.ts'
import { notFound, refuse } from '../../errors.ts'
import type { AppHooks } from '../../hooks.ts'
import { lockMedia } from '../../media/store.ts'
import { beforeCommit, outageOf } from '../../platform/db/outage.ts'
import { inOneFlight, poolSql, type Sql } from '../../platform/db/sql.ts'
import { commitStatement, isTooLate } from '../../platform/db/transaction/commit-in-time.ts'
import type { Deliveries } from '../../transaction.ts'
import { senderNames } from '../sender-name.ts'
import type { MessageRow } from '../store.ts'
import { storedByConversation } from '../stored.ts'
import { applyPermissions, type Facts, readFacts } from './check.ts'
import { answerRetries, existingMessages, resolveDuplicates } from './idempotency.ts'
import type { Outcomes, SendRequest } from './request.ts'

/** The deadline of a request of the batch passed before the commit; nothing was stored. */
export class DeadlinePassed extends Error {}

export interface BatchOptions {
  config: Config
  hooks: AppHooks
  /** Wait for locks instead of skipping the conversations that are locked. */
  wait: boolean
  /** Called once the transaction has begun. Returns the time until the earliest deadline of the requests. */
  leftMs(): number
}

/**
 * Stores a batch of sends in one transaction of two round trips: one locks and reads, the other writes and commits. Each
 * step is a statement of its own after the lock, because a statement that began before the lock does not see what was
 * committed while it waited.
 */
export async function writeBatch(
  client: pg.PoolClient,
  requests: SendRequest[],
  options: BatchOptions,
): Promise<Outcomes> {
  const { hooks } = options
  const sql = poolSql(client)
  const outcomes: Outcomes = new Map()
  const decided = await read(client, sql, requests, outcomes, options)
  const { messages, publish } = await store(client, sql, { ...decided, hooks })
  decided.allowed.forEach((request, index) => {
    outcomes.set(request, messages[index] as MessageRow)
  })
  if (messages.length > 0) hooks.signal('messagesStored', storedByConversation(messages))
  for (const each of publish) each()
  if (messages.length > 0) hooks.signal('changesMarked')
  return resolveDuplicates(requests, outcomes)
}

// The plans of these statements do not depend on their parameters; planning them anew costs more than running them.
const begin = 'begin; set local plan_cache_mode = force_generic_plan'

// The conversations that a sender of the batch is a member of: sends of non-members must not slow a group. Key by key, so
// that the plan does not depend on the size of the table.
const joined = `array(
  select k.conversation_id from unnest($1::text[], $2::text[]) as k (conversation_id, sender_id)
  cross join lateral (
    select from membership m where m.conversation_id = k.conversation_id and m.user_id = k.sender_id limit 1
  ) member)`

/** What is stored, and what it needs. */
interface Decided extends Heads {
  /** Time until the earliest deadline. */
  left: number
  allowed: SendRequest[]
  deliveries: Deliveries[]
}

/** Begins the transaction, locks the conversations and decides which requests may be stored. */
async function read(
  client: pg.PoolClient,
  sql: Sql,
  requests: SendRequest[],
  outcomes: Outcomes,
  { config, hooks, wait, leftMs }: BatchOptions,
): Promise<Decided> {
  const params = [
    requests.map((request) => request.conversationId),
    requests.map((request) => request.senderId),
  ]
  let hasBegun = false
  const beginning = async () => {
    await client.query(begin)
    hasBegun = true
    return leftMs()
  }
  try {
    const [left, heads, existing, facts, deliveries] = await inOneFlight(client, () => [
      beginning(),
      lockConversations(sql, { ids: joined, params }, { skipLocked: !wait }),
      existingMessages(sql, requests),
      readFacts(sql, requests),
      hooks.ask('deliveriesRead', sql, [...new Set(params[0])]),
    ])
    const { members, nonMembers } = applyLocks(requests, { locked: heads, facts }, outcomes)
    const fresh = new Set(answerRetries([...members, ...nonMembers], existing, outcomes))
    for (const request of nonMembers)
      if (fresh.delete(request)) outcomes.set(request, notFound('conversation'))
    const accepted = applyRefusals([...fresh], outcomes)
    // Not in the flight: a sender who is not a member must not wait for the media items of others.
    const media = await lockMedia(
      sql,
      accepted.flatMap((request) => request.mediaIds ?? []),
    )
    const allowed = applyPermissions(accepted, { ...facts, media }, outcomes, config)
    const now = allowed[0] ? (facts.permissionOf(allowed[0])?.now ?? new Date()) : new Date()
    return { left, allowed, deliveries, heads, now }
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    // If it has not begun, the connection may have ended while it was idle.
    throw hasBegun ? beforeCommit(error) : error
  }
}

class CommitFailed extends Error {}

interface Stored {
  /** In the order of the requests. */
  messages: (MessageRow & NumberedMessage)[]
  publish: (() => void)[]
}

/** Numbers and stores the messages, delivers them and commits. */
async function store(
  client: pg.PoolClient,
  sql: Sql,
  { allowed, left, heads, now, deliveries, hooks }: Decided & { hooks: AppHooks },
): Promise<Stored> {
  const messages: Stored['messages'] = numberMessages(allowed, { heads, now })
  const commit = () =>
    client.query(commitStatement(left)).catch((cause: unknown) => {
      throw new CommitFailed('', { cause })
    })
  try {
    if (messages.length === 0) {
      await commit()
      return { messages, publish: [] }
    }
    // If a statement fails, the commit that follows it fails, too.
    const [, publish, nameOf] = await inOneFlight(client, () => [
      storeMessages(sql, messages, heads),
      Promise.all(deliveries.map((each) => each.announceAppended(messages))),
      senderNames(sql, allowed),
      commit(),
    ])
    allowed.forEach((request, index) => {
      const message = messages[index]
      if (message) message.senderName = nameOf(request)
    })
    return { messages, publish }
  } catch (error) {
    throw await reasonOf(error, client, hooks)
  }
}

/** Rolls back where that is possible. Returns why the batch was not stored, or that it may have been. */
async function reasonOf(error: unknown, client: pg.PoolClient, hooks: AppHooks): Promise<unknown> {
  const isLate = error instanceof CommitFailed && isTooLate(error.cause)
  if (isLate || error instanceof KeyRace || error instanceof pg.DatabaseError)
    try {
      await client.query('rollback')
      return isLate ? new DeadlinePassed() : beforeCommit(error)
    } catch (failure) {
      return beforeCommit(isLate || error instanceof KeyRace ? failure : error)
    }
  if (error instanceof CommitFailed && outageOf(error.cause) === 'nothing written') return error.cause
  hooks.signal('outcomeUnknown')
  return refuse('OUTCOME_UNKNOWN', 'The message may or may not have been sent; retry with the same key.')
}

/** Separates the requests whose conversation is locked from those whose conversation has no sender as a member. */
function applyLocks(
  requests: SendRequest[],
  { locked, facts }: { locked: ReadonlyMap<string, ConversationHead>; facts: Facts },
  outcomes: Outcomes,
) {
  const isLocked = ({ conversationId }: SendRequest) => locked.has(conversationId)
  const others = requests.filter((request) => !isLocked(request))
  const skipped = new Set(others.filter(facts.isMember).map(({ conversationId }) => conversationId))
  for (const request of others) if (skipped.has(request.conversationId)) outcomes.set(request, 'LOCKED')
  return {
    members: requests.filter(isLocked),
    nonMembers: others.filter((request) => !outcomes.has(request)),
  }
}

function applyRefusals(requests: SendRequest[], outcomes: Outcomes): SendRequest[] {
  for (const request of requests) if (request.refusal) outcomes.set(request, request.refusal)
  return requests.filter((request) => !request.refusal)
}
