import type { Slice } from '../slice.ts'
import { recordRecall } from './audit.ts'
import { mayReadReported } from './report/media.ts'
import { reportSpam } from './report/spam.ts'
import { deleteReportedText } from './report/store.ts'

export const moderation: Slice = {
  name: 'moderation',
  open(_core, hooks) {
    hooks.on('messageErased', deleteReportedText)
    hooks.on('moderatorRecalled', recordRecall)
    hooks.on('mayReadMedia', mayReadReported)
    hooks.on('spamSuspected', reportSpam)
    return {}
  },
}
