import { type Context, requireViewer } from '../../context.ts'
import { visibleConversation } from '../../conversation/store.ts'
import { notFound } from '../../errors.ts'
import { mentionsIn, readContent, type WrittenContent } from '../content/read.ts'
import type { MessageRow } from '../store.ts'
import type { SendRequest } from './batch.ts'
import { type HookRequest, hookRefusal, type MessageHook, notAccepted } from './hook.ts'

/** Sends that somebody is asked about first. They wait for the answer before the queue, where no lock is held. */
export class ModeratedSends {
  readonly hook: MessageHook
  /** Sends of one person to one conversation go on in the order in which they came, however long the answers take. */
  readonly #turns = new Map<string, Promise<unknown>>()

  constructor(hook: MessageHook) {
    this.hook = hook
  }

  async send(ctx: Context, request: SendRequest): Promise<MessageRow> {
    const key = `${request.senderId} ${request.conversationId}`
    const before = this.#turns.get(key)
    const asking = this.#accepted(ctx, request)
    const turn = (async () => {
      await before?.catch(() => {})
      return { sent: ctx.messages.queue.send(await asking) }
    })()
    this.#turns.set(key, turn)
    try {
      const { sent } = await turn
      return await sent
    } finally {
      if (this.#turns.get(key) === turn) this.#turns.delete(key)
    }
  }

  /** The request as it may be stored. A refusal goes with it to the queue, which answers what is stored already. */
  async #accepted(ctx: Context, request: SendRequest): Promise<SendRequest> {
    if (request.refusal || (await isStored(ctx, request))) return request
    const { senderId, conversationId, clientMessageId, kind, content, quoteSeq } = request
    // What the sender may not say here is nobody's business.
    if (!(await visibleConversation(ctx, requireViewer(ctx), conversationId)))
      return { ...request, refusal: notFound('conversation') }
    const proposal = {
      action: 'send',
      messageId: null,
      senderId,
      conversationId,
      clientMessageId,
      kind,
    } as const
    const { refusal, written } = await callHook(ctx, this.hook, { ...proposal, content, quoteSeq })
    return written ? { ...request, ...written, mentions: mentionsIn(written) } : { ...request, refusal }
  }
}

/** A retry is not asked about again. */
async function isStored({ sql }: Context, { senderId, clientMessageId }: SendRequest): Promise<boolean> {
  const rows = await sql.query('select from message where sender_id = $1 and client_message_id = $2', [
    senderId,
    clientMessageId,
  ])
  return rows.length > 0
}

/** Asks; `written` is what is to be said instead, if anything is. */
export async function callHook(ctx: Context, hook: MessageHook, proposal: HookRequest) {
  const verdict = await hook.ask(proposal)
  if (verdict.action !== 'change') return { refusal: hookRefusal(verdict), written: null }
  const written = changed(ctx, proposal, verdict.text)
  // Said by a hook that answers, and it did not say yes: neither its outage, nor a way round it.
  if (!written)
    ctx.log.warn({ kind: proposal.kind }, 'the message hook asked for a change that cannot be made')
  return written ? { refusal: null, written } : { refusal: notAccepted(), written: null }
}

/** Only text can be given other words; null when it is none, or the words are none that somebody could send. */
function changed(ctx: Context, { kind }: HookRequest, text: string): WrittenContent | null {
  if (kind !== 'TEXT' && kind !== 'RICH_TEXT') return null
  try {
    return readContent({ text }, ctx, 'text')
  } catch {
    return null
  }
}
