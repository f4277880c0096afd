import { type Context, requireViewer } from '../../context.ts'
import type { AnyContent } from '../content/kinds/definition.ts'
import type { HookRequest } from '../send/hook.ts'
import { callHook } from '../send/moderated.ts'
import type { PlannedMessage } from './plan.ts'

/** A forward stopped before it wrote anything: the operator's system is to be asked about these first. */
export class HookCallRequired extends Error {
  readonly requests: HookRequest[]

  constructor(requests: HookRequest[]) {
    super('The hook has not been asked yet.')
    this.requests = requests
  }
}

/** What the operator's own system says of the copies of one forward. Nobody waits for it under a lock. */
export class ForwardHookResponses {
  readonly #accepted = new Map<string, AnyContent>()

  /** The copies as they may be stored; throws HookCallRequired for those that nobody has been asked about as they are now. */
  assertAccepted(ctx: Context, planned: PlannedMessage[], copyOf: (planned: PlannedMessage) => AnyContent) {
    if (!ctx.messages.moderated) return copyOf
    const unasked = planned
      .map((message) => hookRequestOf(ctx, message, copyOf(message)))
      .filter((proposal) => !this.#accepted.has(keyOf(proposal)))
    if (unasked.length > 0) throw new HookCallRequired(unasked)
    return (message: PlannedMessage) =>
      this.#accepted.get(keyOf(hookRequestOf(ctx, message, copyOf(message)))) as AnyContent
  }

  /** Throws the refusal of one, which is then that of all. */
  async ask(ctx: Context, { requests }: HookCallRequired): Promise<void> {
    const { moderated } = ctx.messages
    if (!moderated) return
    for (const proposal of requests) {
      const { refusal, written } = await callHook(ctx, moderated.hook, proposal)
      if (refusal) throw refusal
      this.#accepted.set(keyOf(proposal), written ?? proposal)
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
