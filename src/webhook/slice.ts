import type { Slice } from '../slice.ts'
import { defaultTimings, type WebhookTimings } from './timings.ts'
import { deliverRegistered, enqueueRegistered, registeredTask } from './user-registered.ts'
import { startWebhooks } from './worker.ts'

declare module '../slice.ts' {
  interface Overrides {
    webhookTimings?: WebhookTimings
  }
}

export const webhook: Slice = {
  name: 'webhook',
  open(core, hooks, { webhookTimings = defaultTimings }) {
    hooks.on('accountCreated', enqueueRegistered(core.config))
    return {
      tasks: () => ({ [registeredTask]: deliverRegistered(core) }),
      workers: (services) => startWebhooks(services, webhookTimings),
    }
  },
}
