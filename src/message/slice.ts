import type { Slice } from '../slice.ts'
import { type AnyMessageKind, createMessageKinds, type MessageKinds } from './content/custom-kinds.ts'
import { lockMediaReferences, renewMediaReferences } from './media-references.ts'
import { reactionDeletion, reactionTask, scheduleReactionDeletion } from './reaction/delete-all.ts'
import { openMessageHook } from './send/hook.ts'
import { createSendLimits, type SendLimits } from './send/limits.ts'
import { ModeratedSends } from './send/moderated.ts'
import { createSendQueue, type SendQueue } from './send/queue/queue.ts'

declare module '../context.ts' {
  interface Services {
    messages: {
      queue: SendQueue
      limits: SendLimits
      /** Sends that the operator's hook checks first; null without a hook. */
      moderated: ModeratedSends | null
      /** The custom message types of the application. */
      kinds: MessageKinds
    }
  }
}

declare module '../slice.ts' {
  interface Overrides {
    /** The custom message types of the application. */
    messageKinds?: readonly AnyMessageKind[]
  }
}

export const message: Slice = {
  name: 'message',
  open(core, hooks, { messageKinds = [] }) {
    const { config, pool, bus, log, metrics, tracing } = core
    const kinds = createMessageKinds(messageKinds)
    const limits = createSendLimits({ limits: config.limits, bus, log, metrics })
    const queue = createSendQueue({ pool, config, metrics, tracing, hooks: core.hooks })
    const hook = openMessageHook(core)
    hooks.on('accountDeleted', scheduleReactionDeletion)
    hooks.on('mediaReferencesLocked', lockMediaReferences)
    hooks.on('mediaReferencesRenewed', renewMediaReferences)
    return {
      service: { messages: { queue, limits, kinds, moderated: hook && new ModeratedSends(hook) } },
      tasks: () => ({ [reactionTask]: reactionDeletion(core) }),
      async close() {
        hook?.close()
        await queue.close()
        limits.close()
      },
    }
  },
}
