import type pg from 'pg'
import type { Config } from '../../config.ts'
import { appendMessages, type NewMessage, type Numbers } from '../../conversation/append.ts'
import { lockConversations } from '../../conversation/lock.ts'
import type { ConversationRow } from '../../conversation/store.ts'
import { notFound, refuse } from '../../errors.ts'
import type { AppHooks } from '../../hooks.ts'
import { beforeCommit, outageOf } from '../../platform/db/outage.ts'
import { poolSql, type Sql } from '../../platform/db/sql.ts'
import { commitStatement, isTooLate } from '../../platform/db/transaction/commit-in-time.ts'
import type { MessageRow } from '../store.ts'
import { storedByConversation } from '../stored.ts'
import { checkPermissions } from './check.ts'
import { answerRetries, resolveDuplicates } from './idempotency.ts'
import type { Outcomes, SendRequest } from './request.ts'

/** A concurrent transaction stored one of the keys in another conversation; the batch must run again. */
export class KeyRace extends Error {}

/** The deadline of a request of the batch passed before the commit; nothing was stored. */
export class DeadlinePassed extends Error {}

export interface BatchOptions {
  config: Config
  hooks: AppHooks
  /** Wait for locks instead of skipping the conversations that are locked. */
  wait: boolean
  /** Time until the earliest deadline of the requests. */
  leftMs(): number
}

// The plans of these statements do not depend on their parameters; planning them anew costs more than running them.
export const begin = 'begin; set local plan_cache_mode = force_generic_plan'

/**
 * Stores a batch of sends in the transaction that `begin` opened on the connection. Each step is a statement of its own after the lock, because a statement
 * that began before the lock does not see what was committed while it waited.
 */
export async function writeBatch(
  client: pg.PoolClient,
  requests: SendRequest[],
  { config, hooks, wait, leftMs }: BatchOptions,
): Promise<Outcomes> {
  const sql = poolSql(client)
  const outcomes: Outcomes = new Map()
  const appended: { message: MessageRow; conversation: ConversationRow }[] = []
  let publish: (() => void)[] = []
  const left = leftMs()
  try {
    const { members, nonMembers } = await lockForSenders(sql, requests, outcomes, wait)
    const fresh = new Set(await answerRetries(sql, [...members, ...nonMembers], outcomes))
    for (const request of nonMembers)
      if (fresh.delete(request)) outcomes.set(request, notFound('conversation'))
    const accepted = applyRefusals([...fresh], outcomes)
    const allowed = await checkPermissions(sql, accepted, outcomes, config)
    if (allowed.length > 0) {
      const changed = new Set<string>()
      const numbers = await appendMessages({ sql, deliver: (id) => void changed.add(id) }, allowed)
      if (numbers.size < allowed.length) throw new KeyRace()
      for (const request of allowed) {
        const given = numbers.get(request.id) as Numbers
        const message = storedMessage(request, given)
        outcomes.set(request, message)
        appended.push({ message, conversation: given.conversation })
      }
      publish = await hooks.ask('changesAnnounced', sql, [], [...changed])
    }
  } catch (error) {
    await sql.query('rollback').catch(() => undefined)
    throw beforeCommit(error)
  }
  await commit(client, left, hooks)
  if (appended.length > 0) hooks.signal('messagesStored', storedByConversation(appended))
  for (const each of publish) each()
  if (appended.length > 0) hooks.signal('changesMarked')
  return resolveDuplicates(requests, outcomes)
}

async function commit(client: pg.PoolClient, leftMs: number, hooks: AppHooks): Promise<void> {
  try {
    await client.query(commitStatement(leftMs))
  } catch (error) {
    if (!isTooLate(error)) {
      if (outageOf(error) === 'nothing written') throw error
      hooks.signal('outcomeUnknown')
      throw refuse('OUTCOME_UNKNOWN', 'The message may or may not have been sent; retry with the same key.')
    }
    await client.query('rollback').catch((failure: unknown) => {
      throw beforeCommit(failure)
    })
    throw new DeadlinePassed()
  }
}

// Key by key, so that the plan does not depend on the size of the table.
const joined = `array(
  select k.conversation_id from unnest($1::text[], $2::text[]) as k (conversation_id, sender_id)
  cross join lateral (
    select from membership m where m.conversation_id = k.conversation_id and m.user_id = k.sender_id limit 1
  ) member)`
const readJoined = `select unnest(${joined}) as id`

/**
 * Locks the conversations that a sender of the batch is a member of: sends of non-members must not slow a group. Returns
 * the requests whose conversation is locked, and those whose conversation has no sender as a member.
 */
async function lockForSenders(sql: Sql, requests: SendRequest[], outcomes: Outcomes, wait: boolean) {
  const params = [
    requests.map((request) => request.conversationId),
    requests.map((request) => request.senderId),
  ]
  const wanted = new Set(params[0])
  const locked = await lockConversations(sql, { ids: joined, params }, { skipLocked: !wait })
  if (locked.size === wanted.size) return { members: requests, nonMembers: [] }

  const rows = await sql.query<{ id: string }>(readJoined, params)
  const skipped = new Set(rows.map(({ id }) => id).filter((id) => !locked.has(id)))
  for (const request of requests) if (skipped.has(request.conversationId)) outcomes.set(request, 'LOCKED')
  const isLocked = (request: SendRequest) => locked.has(request.conversationId)
  return {
    members: requests.filter(isLocked),
    nonMembers: requests.filter((request) => !isLocked(request) && !outcomes.has(request)),
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
