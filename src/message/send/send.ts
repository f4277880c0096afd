import { z } from 'zod'
import { viewerLimitKeys } from '../../auth/limit-viewer.ts'
import { type Context, requireViewer } from '../../context.ts'
import { newId } from '../../platform/ids.ts'
import { check, checkAll } from '../../platform/validation.ts'
import {
  type ContentInput,
  comparableText,
  mediaIn,
  mentionsIn,
  readContent,
  requestHash,
} from '../content/read.ts'
import type { MessageRow } from '../store.ts'
import { reportRepetition } from './spam-report.ts'

export interface SendMessageInput {
  conversationId: string
  clientMessageId: string
  content: ContentInput
  quoteSeq?: number | null
}

export const keySchema = z.string().regex(/^[\x20-\x7e]{1,64}$/, 'must be 1 to 64 printable ASCII characters')

const quoteSchema = z.number().int().min(1, 'must be the number of a message').nullish()

/** Stores a message. The same key from the same sender always returns the same message. */
export async function sendMessage(ctx: Context, input: SendMessageInput): Promise<MessageRow> {
  const viewer = requireViewer(ctx)
  const [clientMessageId, quoteSeq, written] = checkAll(
    () => check(keySchema, input.clientMessageId, 'input.clientMessageId'),
    () => check(quoteSchema, input.quoteSeq, 'input.quoteSeq') ?? null,
    () => readContent(input.content, ctx, 'input.content'),
  )

  // A refused request is queued too, because the queue answers retries.
  const tooFast = ctx.messages.limits.paceRefusal(viewerLimitKeys(ctx))
  const repetition = tooFast
    ? null
    : ctx.messages.limits.repetition(viewer.userId, input.conversationId, comparableText(written))

  // Nothing is awaited before the queue, so that the sends of a socket keep their order.
  const request = {
    id: newId(),
    conversationId: input.conversationId,
    senderId: viewer.userId,
    clientMessageId,
    requestHash: requestHash(input.conversationId, written, quoteSeq),
    kind: written.kind,
    content: written.content,
    quoteSeq,
    mentions: mentionsIn(written),
    mediaIds: mediaIn(written),
    refusal: tooFast ?? repetition?.refusal ?? null,
  }
  const message = await (ctx.messages.moderated?.send(ctx, request) ??
    ctx.messages.queue.send(request, ctx.deadline))
  ctx.committed = true
  reportRepetition(ctx, repetition, message)
  ctx.hooks.signal('messageSent', { userId: viewer.userId, conversationId: input.conversationId })
  ctx.loaders.clear()
  return message
}
