import type { Slice } from '../slice.ts'
import { forgetNotices } from './delete-all.ts'
import { forgetAttempts } from './deliver/purge-attempts.ts'
import { noteSignIn } from './enqueue/sign-in.ts'
import { openPush, type Push } from './push.ts'
import { noteDeparture } from './withdraw/left.ts'
import { noteRead } from './withdraw/read.ts'
import { startPushWorker } from './worker.ts'

declare module '../context.ts' {
  interface Services {
    push: Push
  }
}

export const notification: Slice = {
  name: 'notification',
  async open(core, hooks) {
    const push = await openPush(core.config, core.log, core.metrics)
    hooks.on('accountDeleted', forgetNotices)
    hooks.on('newDeviceSignedIn', noteSignIn(push))
    hooks.on('membersLeft', noteDeparture(push))
    hooks.on('readAdvanced', noteRead(push))
    return {
      service: { push },
      tasks: () => ({ forgetAttempts: forgetAttempts(core) }),
      workers: startPushWorker,
      close: () => push.close(),
    }
  },
}
