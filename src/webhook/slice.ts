import type { Slice } from '../slice.ts'
import { noteRegistered, registeredTask, tellRegistered } from './user-registered.ts'
import { startWebhooks } from './worker.ts'

export const webhook: Slice = {
  name: 'webhook',
  open(core, hooks) {
    hooks.on('accountCreated', noteRegistered(core.config))
    return {
      tasks: () => ({ [registeredTask]: tellRegistered(core) }),
      workers: startWebhooks,
    }
  },
}
