import type { Slice } from '../slice.ts'
import { purgeAcknowledgements } from './acknowledge/purge-ended.ts'
import { announce, publishChanges } from './announce.ts'
import { createFanOut } from './fan-out/worker.ts'
import { InboxHub } from './hub/hub.ts'
import { publishErasure, publishReadInGroup, publishReceiptVisibility } from './listeners.ts'

declare module '../context.ts' {
  interface Services {
    inbox: InboxHub
  }
}

export const inbox: Slice = {
  name: 'inbox',
  open(core, hooks) {
    const fanOut = createFanOut(core)
    const hub = new InboxHub(core)
    hooks.on('changesAnnounced', async (sql, changes) => {
      const numbered = await announce(sql, changes)
      return () => publishChanges(core.bus, numbered)
    })
    hooks.on('messagesStored', (all) => {
      for (const stored of all) hub.recent.store(stored)
    })
    hooks.on('changesMarked', () => fanOut.wake())
    hooks.on('messageErased', publishErasure(hub))
    hooks.on('readAdvanced', publishReadInGroup(hub.receipts))
    hooks.on('readReceiptsChanged', publishReceiptVisibility(hub.receipts))
    return {
      service: { inbox: hub },
      tasks: () => ({ purgeAcknowledgements: purgeAcknowledgements(core) }),
      async close() {
        await hub.close()
        await fanOut.close()
      },
    }
  },
}
