import { type Context, requireViewer } from '../../context.ts'
import type { AnyContent } from '../content/kinds/definition.ts'
import type { HookRequest } from '../send/hook.ts'
import { callHook } from '../send/moderated.ts'
import type { PlannedMessage } from './plan.ts'

/** Stops a forward before it writes: the hook must be called for these messages first, outside the transaction. */
export class HookCallRequired extends Error {
  readonly requests: HookRequest[]

  constructor(requests: HookRequest[]) {
    super('The hook has not been called yet.')
    this.requests = requests
  }
}

/** The hook's responses for the copies of one forward. The hook is never called while locks are held. */
export class ForwardHookResponses {
  readonly #accepted = new Map<string, AnyContent>()

  /** The copies as they may be stored. Throws HookCallRequired for those whose present content was not checked. */
  assertAccepted(ctx: Context, planned: PlannedMessage[], copyOf: (planned: PlannedMessage) => AnyContent) {
    if (!ctx.messages.moderated) return copyOf
    const unchecked = planned
      .map((message) => hookRequestOf(ctx, message, copyOf(message)))
      .filter((request) => !this.#accepted.has(keyOf(request)))
    if (unchecked.length > 0) throw new HookCallRequired(unchecked)
    return (message: PlannedMessage) =>
      this.#accepted.get(keyOf(hookRequestOf(ctx, message, copyOf(message)))) as AnyContent
  }

  /** Throws the first refusal, which refuses the whole forward. */
  async call(ctx: Context, { requests }: HookCallRequired): Promise<void> {
    const { moderated } = ctx.messages
    if (!moderated) return
    for (const request of requests) {
      const { refusal, written } = await callHook(ctx, moderated.hook, request)
      if (refusal) throw refusal
      this.#accepted.set(keyOf(request), written ?? request)
    }
  }
}

function hookRequestOf(ctx: Context, planned: PlannedMessage, { kind, content }: AnyContent): HookRequest {
  const { conversationId, clientMessageId } = planned
  const { userId: senderId } = requireViewer(ctx)
  return {
    action: 'send',
    messageId: null,
    senderId,
    conversationId,
    clientMessageId,
    kind,
    content,
    quoteSeq: null,
  }
}

const keyOf = ({ clientMessageId, kind, content }: HookRequest) =>
  JSON.stringify([clientMessageId, kind, content])
