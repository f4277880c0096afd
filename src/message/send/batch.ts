import pg from 'pg'
import type { Config } from '../../config.ts'
import { appendMessages, KeyRace, type NewMessage, type Numbers } from '../../conversation/append.ts'
import { lockConversations } from '../../conversation/lock.ts'
import type { ConversationRow } from '../../conversation/store.ts'
import { notFound, refuse } from '../../errors.ts'
import type { AppHooks } from '../../hooks.ts'
import { lockMedia } from '../../media/store.ts'
import { beforeCommit, outageOf } from '../../platform/db/outage.ts'
import { inOneFlight, poolSql, type Sql } from '../../platform/db/sql.ts'
import { commitStatement, isTooLate } from '../../platform/db/transaction/commit-in-time.ts'
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
  const { left, allowed } = await read(client, sql, requests, outcomes, options)
  const { numbers, nameOf, publish } = await store(client, sql, allowed, { left, hooks })
  const appended: { message: MessageRow; conversation: ConversationRow }[] = []
  for (const request of allowed) {
    const given = numbers.get(request.id) as Numbers
    const message = { ...storedMessage(request, given), senderName: nameOf(request) }
    outcomes.set(request, message)
    appended.push({ message, conversation: given.conversation })
  }
  if (appended.length > 0) hooks.signal('messagesStored', storedByConversation(appended))
  for (const each of publish) each()
  if (appended.length > 0) hooks.signal('changesMarked')
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

/** Begins the transaction, locks the conversations and decides which requests may be stored. */
async function read(
  client: pg.PoolClient,
  sql: Sql,
  requests: SendRequest[],
  outcomes: Outcomes,
  { config, wait, leftMs }: BatchOptions,
): Promise<{ left: number; allowed: SendRequest[] }> {
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
    const [left, locked, existing, facts] = await inOneFlight(client, () => [
      beginning(),
      lockConversations(sql, { ids: joined, params }, { skipLocked: !wait }),
      existingMessages(sql, requests),
      readFacts(sql, requests),
    ])
    const { members, nonMembers } = applyLocks(requests, { locked, facts }, outcomes)
    const fresh = new Set(answerRetries([...members, ...nonMembers], existing, outcomes))
    for (const request of nonMembers)
      if (fresh.delete(request)) outcomes.set(request, notFound('conversation'))
    const accepted = applyRefusals([...fresh], outcomes)
    // Not in the flight: a sender who is not a member must not wait for the media items of others.
    const media = await lockMedia(
      sql,
      accepted.flatMap((request) => request.mediaIds ?? []),
    )
    return { left, allowed: applyPermissions(accepted, { ...facts, media }, outcomes, config) }
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    // If it has not begun, the connection may have ended while it was idle.
    throw hasBegun ? beforeCommit(error) : error
  }
}

class CommitFailed extends Error {}

interface Stored {
  numbers: Map<string, Numbers>
  nameOf: (request: SendRequest) => string | undefined
  publish: (() => void)[]
}

/** Stores the requests that are allowed, delivers them and commits. */
async function store(
  client: pg.PoolClient,
  sql: Sql,
  allowed: SendRequest[],
  { left, hooks }: { left: number; hooks: AppHooks },
): Promise<Stored> {
  const commit = () =>
    client.query(commitStatement(left)).catch((cause: unknown) => {
      throw new CommitFailed('', { cause })
    })
  try {
    if (allowed.length === 0) {
      await commit()
      return { numbers: new Map(), nameOf: () => undefined, publish: [] }
    }
    const changed = new Set<string>()
    // If a statement fails, the commit that follows it fails, too.
    const [numbers, publish, nameOf] = await inOneFlight(client, () => [
      appendMessages({ sql, deliver: (id) => void changed.add(id) }, allowed),
      hooks.ask('changesAnnounced', sql, [], [...changed]),
      senderNames(sql, allowed),
      commit(),
    ])
    return { numbers, nameOf, publish }
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
  { locked, facts }: { locked: Set<string>; facts: Facts },
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

export function storedMessage(request: NewMessage & { refusal?: unknown }, given: Numbers): MessageRow {
  const { mentions: _mentions, mediaIds: _mediaIds, refusal: _refusal, ...columns } = request
  const { conversation: _conversation, ...numbers } = given
  return { ...columns, ...numbers, editedAt: null, recalledAt: null, recalledById: null }
}
