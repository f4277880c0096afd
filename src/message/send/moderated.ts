import { type Context, requireViewer } from '../../context.ts'
import { visibleConversation } from '../../conversation/store.ts'
import { notFound } from '../../errors.ts'
import { mentionsIn, readContent, type WrittenContent } from '../content/read.ts'
import type { MessageRow } from '../store.ts'
import { type HookRequest, hookRefusal, type MessageHook, notAccepted } from './hook.ts'
import type { SendRequest } from './request.ts'

/** Sends that wait for the hook's response before they are queued, so that no lock is held meanwhile. */
export class ModeratedSends {
  readonly hook: MessageHook
  /** Sends of a user to a conversation are queued in the order of their calls, however long the responses take. */
  readonly #turns = new Map<string, Promise<unknown>>()

  constructor(hook: MessageHook) {
    this.hook = hook
  }

  async send(ctx: Context, request: SendRequest): Promise<MessageRow> {
    const key = `${request.senderId} ${request.conversationId}`
    const before = this.#turns.get(key)
    const checking = this.#checked(ctx, request)
    const turn = (async () => {
      await before?.catch(() => {})
      return { sent: ctx.messages.queue.send(await checking, ctx.deadline) }
    })()
    this.#turns.set(key, turn)
    try {
      const { sent } = await turn
      return await sent
    } finally {
      if (this.#turns.get(key) === turn) this.#turns.delete(key)
    }
  }

  /** The request as it may be stored. A refused one is queued too, because the queue answers retries. */
  async #checked(ctx: Context, request: SendRequest): Promise<SendRequest> {
    if (request.refusal || (await isStored(ctx, request))) return request
    const { senderId, conversationId, clientMessageId, kind, content, quoteSeq } = request
    // The hook does not see messages of non-members, which are refused anyway.
    if (!(await visibleConversation(ctx, requireViewer(ctx), conversationId)))
      return { ...request, refusal: notFound('conversation') }
    const { refusal, written } = await callHook(ctx, this.hook, {
      action: 'send',
      messageId: null,
      senderId,
      conversationId,
      clientMessageId,
      kind,
      content,
      quoteSeq,
    })
    return written ? { ...request, ...written, mentions: mentionsIn(written) } : { ...request, refusal }
  }
}

/** Whether the request is a retry; the hook is not called for it again. */
async function isStored({ sql }: Context, { senderId, clientMessageId }: SendRequest): Promise<boolean> {
  const rows = await sql.query('select from message where sender_id = $1 and client_message_id = $2', [
    senderId,
    clientMessageId,
  ])
  return rows.length > 0
}

/** `written` is the content that replaces the request's; null if the hook does not change it. */
export async function callHook(ctx: Context, hook: MessageHook, request: HookRequest) {
  const response = await hook.call(request)
  if (response.action !== 'change') return { refusal: hookRefusal(response), written: null }
  const written = changedContent(ctx, request, response.text)
  // The hook did not allow the message, so neither its failure mode nor the original content applies.
  if (!written) ctx.log.warn({ kind: request.kind }, 'message hook returned an invalid change')
  return written ? { refusal: null, written } : { refusal: notAccepted(), written: null }
}

/** Null if the kind has no text to change, or a user could not send the text. */
function changedContent(ctx: Context, { kind }: HookRequest, text: string): WrittenContent | null {
  if (kind !== 'TEXT' && kind !== 'RICH_TEXT') return null
  try {
    return readContent({ text }, ctx, 'text')
  } catch {
    return null
  }
}
