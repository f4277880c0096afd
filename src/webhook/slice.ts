import type { Slice } from '../slice.ts'
import { deliverRegistered, enqueueRegistered, registeredTask } from './user-registered.ts'
import { startWebhooks } from './worker.ts'

export const webhook: Slice = {
  name: 'webhook',
  open(core, hooks) {
    hooks.on('accountCreated', enqueueRegistered(core.config))
    return {
      tasks: () => ({ [registeredTask]: deliverRegistered(core) }),
      workers: startWebhooks,
    }
  },
}
