import { purgeTraceCauses, recordCauses } from '../conversation/outbox/trace-causes.ts'
import type { Slice } from '../slice.ts'
import type { Change } from '../transaction.ts'
import { purgeAcknowledgements } from './acknowledge/purge-ended.ts'
import { type Announced, announce, publishChanges } from './announce.ts'
import { addAppended, type Deliverable, readDeliverables } from './deliverable.ts'
import { createFanOut } from './fan-out/worker.ts'
import { InboxHub } from './hub/hub.ts'
import {
  forgetFormerMembers,
  publishErasure,
  publishReadInGroup,
  publishReceiptVisibility,
} from './listeners.ts'

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
    const publish = ({ numbered, ages, marked }: Announced) => {
      publishChanges(core, numbered)
      for (const age of ages) core.metrics.delivered(age)
      if (marked) fanOut.wake()
    }
    hooks.on('deliveriesRead', async (sql, ids) => {
      const deliverables = ids.length > 0 ? await readDeliverables(sql, ids, membersMax) : []
      const announceAll = async (changes: Change[], delivered: Deliverable[]) => {
        // Sent before the numbers, which end the transaction.
        const deliveredIds = delivered.map(({ id }) => id)
        const recording = core.tracing && recordCauses(sql, core.tracing, deliveredIds)
        const [announced] = await Promise.all([announce(sql, changes, delivered), recording])
        return () => publish(announced)
      }
      return {
        announce: (changes) => announceAll(changes, deliverables),
        announceAppended: (messages) => announceAll([], addAppended(deliverables, messages)),
      }
    })
    hooks.on('messagesStored', (all) => {
      for (const stored of all) hub.recent.store(stored)
    })
    hooks.on('outcomeUnknown', () => hub.checkHeadsSoon())
    hooks.on('membersLeft', forgetFormerMembers(hub))
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
