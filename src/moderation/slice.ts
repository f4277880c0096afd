import type { Slice } from '../slice.ts'
import { recordRecall } from './audit.ts'
import { type Maintenance, watchMaintenance } from './maintenance/maintenance.ts'
import { dismissDeleted } from './moderators/dismiss.ts'
import { mayReadReported } from './report/media.ts'
import { reportSpam } from './report/spam.ts'
import { deleteReportedText } from './report/store.ts'

declare module '../context.ts' {
  interface Services {
    maintenance: Maintenance
  }
}

export const moderation: Slice = {
  name: 'moderation',
  open(core, hooks) {
    const maintenance = watchMaintenance(core)
    hooks.on('accountDeleted', dismissDeleted)
    hooks.on('messageErased', deleteReportedText)
    hooks.on('moderatorRecalled', recordRecall)
    hooks.on('mayReadMedia', mayReadReported)
    hooks.on('spamSuspected', reportSpam)
    return { service: { maintenance }, close: () => maintenance.close() }
  },
}
