import type { Slice } from '../slice.ts'
import { deletePushData } from './delete-all.ts'
import { purgeAttempts } from './deliver/purge-attempts.ts'
import { queueSignInNotifications } from './enqueue/sign-in.ts'
import { openPush, type Push } from './provider/open.ts'
import { resetTask, sendPasswordReset } from './recovery/send.ts'
import { defaultTimings, type PushTimings } from './timings.ts'
import { withdrawOnDeparture } from './withdraw/left.ts'
import { withdrawOnRead } from './withdraw/read.ts'
import { startPushWorker } from './worker.ts'

declare module '../context.ts' {
  interface Services {
    push: Push
  }
}

declare module '../slice.ts' {
  interface Overrides {
    pushTimings?: PushTimings
  }
}

export const notification: Slice = {
  name: 'notification',
  async open(core, hooks, { pushTimings = defaultTimings }) {
    const push = await openPush(core)
    hooks.on('accountDeleted', deletePushData)
    hooks.on('newDeviceSignedIn', queueSignInNotifications(push))
    hooks.on('membersLeft', withdrawOnDeparture(push))
    hooks.on('readAdvanced', withdrawOnRead(push))
    return {
      service: { push },
      tasks: (services) => ({
        purgeAttempts: purgeAttempts(core),
        [resetTask]: sendPasswordReset(services),
      }),
      workers: (services) => startPushWorker(services, pushTimings),
      close: () => push.close(),
    }
  },
}
