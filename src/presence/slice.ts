import type { Core } from '../context.ts'
import type { Leases } from '../platform/leases/leases.ts'
import { createMemoryLeases } from '../platform/leases/memory.ts'
import type { Slice } from '../slice.ts'
import { deletePresence } from './delete.ts'
import { PresenceHub } from './hub.ts'
import { endTyping } from './typing/end.ts'
import { TypingHub } from './typing/hub.ts'

declare module '../context.ts' {
  interface Services {
    presence: { hub: PresenceHub; typing: TypingHub }
  }
}

declare module '../slice.ts' {
  interface Overrides {
    /** The clock of typing indicators, in milliseconds since 1970. */
    typingClock?: () => number
  }
}

export const presence: Slice = {
  name: 'presence',
  async open(core, hooks, { typingClock = Date.now }) {
    const hub = new PresenceHub({ ...core, leases: await openLeases(core) })
    const typing = new TypingHub(core, hub, typingClock)
    hooks.on('accountDeleted', deletePresence)
    hooks.on('messageSent', endTyping(core, typing))
    hooks.on('relationsChanged', ({ userIds }) => hub.relationsChanged(userIds))
    return {
      service: { presence: { hub, typing } },
      async close() {
        typing.close()
        await hub.close()
      },
    }
  },
}

async function openLeases({ config: { redis, limits }, log, metrics }: Core): Promise<Leases> {
  if (!redis) return createMemoryLeases()
  const { RedisLeases } = await import('../platform/leases/redis.ts')
  return new RedisLeases(redis, { leaseMs: limits.presenceLeaseMs, log, metrics })
}
