import { purgeTraceCauses, recordCauses } from '../conversation/outbox/trace-causes.ts'
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
    const membersMax = core.config.limits.immediateGroupSize
    hooks.on('changesAnnounced', async (sql, changes, conversationIds) => {
      // Sent before the numbers, which end the transaction.
      const recording = core.tracing && recordCauses(sql, core.tracing, conversationIds)
      const announcing = announce(sql, changes, { conversationIds, membersMax })
      const [announced] = await Promise.all([announcing, recording])
      return () => {
        publishChanges(core, announced.numbered)
        for (const age of announced.ages) core.metrics.delivered(age)
        if (announced.marked) fanOut.wake()
      }
    })
    hooks.on('messagesStored', (all) => {
      for (const stored of all) hub.recent.store(stored)
    })
    hooks.on('outcomeUnknown', () => hub.checkHeadsSoon())
    hooks.on('messageErased', publishErasure(hub))
    hooks.on('readAdvanced', publishReadInGroup(hub.receipts))
    hooks.on('readReceiptsChanged', publishReceiptVisibility(hub.receipts))
    return {
      service: { inbox: hub },
      tasks: () => ({
        purgeAcknowledgements: purgeAcknowledgements(core),
        purgeTraceCauses: purgeTraceCauses(core),
      }),
      async close() {
        await hub.close()
        await fanOut.close()
      },
    }
  },
}
