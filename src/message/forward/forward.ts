import { type Context, requireViewer } from '../../context.ts'
import { appendMessages, KeyRace } from '../../conversation/append/append.ts'
import type { NewMessage } from '../../conversation/append/number.ts'
import { lockConversations } from '../../conversation/lock.ts'
import { Refusal } from '../../errors.ts'
import { lockMedia } from '../../media/store.ts'
import { checkThenLock } from '../../platform/db/check-then-lock.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { type Tx, withTransaction } from '../../transaction.ts'
import type { AnyContent } from '../content/kinds/definition.ts'
import { mediaIn } from '../content/read.ts'
import { sameOrConflict } from '../send/idempotency.ts'
import { type MessageRow, messageColumns } from '../store.ts'
import { type CopyOf, copiesOf } from './copy.ts'
import { ForwardHookResponses, HookCallRequired } from './hook-responses.ts'
import { assertMember, assertNotTooFast, assertPermitted, joinedAmong } from './permission.ts'
import { type ForwardMessagesInput, type PlannedMessage, type PlannedTarget, planForward } from './plan.ts'

/** Copies messages to all target conversations or to none. A target whose key exists gets the existing messages. */
export async function forwardMessages(ctx: Context, input: ForwardMessagesInput): Promise<MessageRow[]> {
  requireViewer(ctx)
  const targets = planForward(input, ctx.config)
  const responses = new ForwardHookResponses()
  for (;;)
    try {
      return await withTransaction(ctx, (tx) => forwardOnce(ctx, tx, { input, targets, responses }))
    } catch (error) {
      if (error instanceof HookCallRequired) await responses.call(ctx, error)
      // A concurrent transaction stored the key in another conversation; the next attempt finds it.
      else if (!(error instanceof KeyRace)) throw error
    }
}

async function forwardOnce(
  ctx: Context,
  tx: Tx,
  forward: { input: ForwardMessagesInput; targets: PlannedTarget[]; responses: ForwardHookResponses },
): Promise<MessageRow[]> {
  const { input, targets, responses } = forward
  const { sql, afterCommit } = tx
  // The source is among them, so that no recall comes between reading and writing.
  const conversationIds = [input.sourceConversationId, ...targets.map(idOf)]
  const { answers, fresh } = await checkThenLock(
    () => readProgress(ctx, sql, input, targets),
    () => lockConversations(sql, { ids: '$1::text[]', params: [conversationIds] }),
  )
  if (fresh.length > 0) {
    const planned = fresh.flatMap(({ messages }) => messages)
    const found = await copiesOf(ctx, sql, input)
    await assertPermitted(ctx, sql, fresh)
    const copyOf = responses.assertAccepted(ctx, planned, found)
    const noteStored = assertNotTooFast(ctx, planned, copyOf)
    const written = await write(ctx, tx, fresh, copyOf)
    for (const message of written) answers.set(message.id, message)
    afterCommit(() => noteStored(written))
    afterCommit(() => ctx.metrics.stored(planned.length))
  }
  return targets.flatMap(({ messages }) => messages.map(({ id }) => answers.get(id) as MessageRow))
}

const idOf = ({ conversationId }: PlannedTarget) => conversationId

/**
 * The messages that exist, and the targets that are left. Refuses non-members here, so that they never lock the
 * conversation. Memberships are read first, so that a retry after a removal still finds its messages.
 */
async function readProgress(ctx: Context, sql: Sql, input: ForwardMessagesInput, targets: PlannedTarget[]) {
  const joined = await joinedAmong(ctx, sql, [input.sourceConversationId, ...targets.map(idOf)])
  const answers = await existingMessages(ctx, sql, targets)
  const fresh = targets.filter((target) => target.messages.some(({ id }) => !answers.has(id)))
  if (fresh.length > 0) assertMember(joined, input.sourceConversationId, fresh)
  return { answers, fresh }
}

/** The messages that exist for the keys of a plan, by planned id. */
async function existingMessages(ctx: Context, sql: Sql, targets: PlannedTarget[]) {
  const planned = targets.flatMap((target) => target.messages)
  const stored = await sql.query<MessageRow>(
    `select ${messageColumns} from message s where s.sender_id = $1 and s.client_message_id = any($2)`,
    [requireViewer(ctx).userId, planned.map((message) => message.clientMessageId)],
  )
  const byKey = new Map(stored.map((message) => [message.clientMessageId, message]))
  const answers = new Map<string, MessageRow>()
  for (const { path, messages } of targets)
    for (const { id, clientMessageId, requestHash } of messages) {
      const message = byKey.get(clientMessageId)
      if (!message) continue
      const answer = sameOrConflict({ requestHash }, message, `${path}.clientMessageId`)
      if (answer instanceof Refusal) throw answer
      answers.set(id, answer)
    }
  return answers
}

async function write(ctx: Context, tx: Tx, targets: PlannedTarget[], copyOf: CopyOf): Promise<MessageRow[]> {
  const messages = targets.flatMap((target) =>
    target.messages.map((planned) => toMessage(ctx, planned, copyOf(planned))),
  )
  const held = await lockMedia(tx.sql, [...new Set(messages.flatMap(({ mediaIds }) => mediaIds))])
  const stored = await appendMessages(
    tx,
    messages.map((message) => ({ ...message, mediaIds: message.mediaIds.filter((id) => held.has(id)) })),
  )
  return messages.map(({ id }) => stored.get(id) as MessageRow)
}

function toMessage(ctx: Context, planned: PlannedMessage, copy: AnyContent) {
  const { id, conversationId, clientMessageId, requestHash } = planned
  return {
    id,
    conversationId,
    senderId: requireViewer(ctx).userId,
    clientMessageId,
    requestHash,
    kind: copy.kind,
    content: copy.content,
    quoteSeq: null,
    mentions: [],
    mediaIds: mediaIn(copy),
  } satisfies NewMessage
}
