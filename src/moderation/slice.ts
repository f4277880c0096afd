import type { Slice } from '../slice.ts'
import { mayReadReported } from './report/media.ts'
import { reportSuspicion } from './report/spam.ts'
import { forgetReportedText } from './report/store.ts'

export const moderation: Slice = {
  name: 'moderation',
  open(_core, hooks) {
    hooks.on('messageErased', forgetReportedText)
    hooks.on('mayReadMedia', mayReadReported)
    hooks.on('spamSuspected', reportSuspicion)
    return {}
  },
}
