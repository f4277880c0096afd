import { forgetContacts } from './contact/delete-all.ts'
import { contactIds } from './contact/store.ts'
import type { Services } from './context.ts'
import { releaseGroups } from './group/membership/leave-all.ts'
import type { AppHooks } from './hooks.ts'
import type { FanOut } from './inbox/fan-out/worker.ts'
import { noteErased, noteReadInGroup, noteReceiptsChanged } from './inbox/listeners.ts'
import { chooseAvatar, releaseAvatar } from './media/avatars.ts'
import { forgetUploads } from './media/upload/delete-all.ts'
import { lockMediaHolders, renewMediaHolders } from './message/media-holders.ts'
import { mayReadReported } from './moderation/report/media.ts'
import { reportSuspicion } from './moderation/report/spam.ts'
import { forgetReportedText } from './moderation/report/store.ts'
import { forgetNotices } from './notification/delete-all.ts'
import { noteSignIn } from './notification/enqueue/sign-in.ts'
import { noteDeparture } from './notification/withdraw/left.ts'
import { noteRead } from './notification/withdraw/read.ts'
import { forgetPresence } from './presence/delete.ts'
import { endTyping } from './presence/typing/end.ts'
import { noteRegistered } from './webhook/user-registered.ts'

type Listeners = Pick<
  Services,
  'config' | 'log' | 'sql' | 'push' | 'inbox' | 'presence' | 'typing' | 'indexing'
> & {
  fanOut: FanOut
}

export function listen(hooks: AppHooks, parts: Listeners): void {
  const { config, log, sql, push, inbox, presence, typing, fanOut, indexing } = parts
  const contact = hooks.of('contact')
  contact.on('accountDeleted', forgetContacts)
  contact.on('observersOf', contactIds)
  hooks.of('group').on('accountDeleted', releaseGroups({ config, hooks }))
  const media = hooks.of('media')
  media.on('accountDeleted', forgetUploads)
  media.on('avatarChosen', chooseAvatar)
  media.on('avatarReleased', releaseAvatar)
  const message = hooks.of('message')
  message.on('mediaHoldersLocked', lockMediaHolders)
  message.on('mediaHoldersRenewed', renewMediaHolders)
  const inboxHooks = hooks.of('inbox')
  inboxHooks.on('changesMarked', () => fanOut.wake())
  inboxHooks.on('messageErased', noteErased(inbox))
  inboxHooks.on('readAdvanced', noteReadInGroup(inbox.receipts))
  inboxHooks.on('readReceiptsChanged', noteReceiptsChanged(inbox.receipts))
  hooks.of('search').on('changesMarked', () => indexing.wake())
  const notification = hooks.of('notification')
  notification.on('accountDeleted', forgetNotices)
  notification.on('newDeviceSignedIn', noteSignIn(push))
  notification.on('membersLeft', noteDeparture(push))
  notification.on('readAdvanced', noteRead(push))
  hooks.of('webhook').on('accountCreated', noteRegistered(config))
  const presenceHooks = hooks.of('presence')
  presenceHooks.on('accountDeleted', forgetPresence)
  presenceHooks.on('messageSent', endTyping({ typing, sql, log }))
  presenceHooks.on('relationsChanged', ({ userIds }) => presence.relationsChanged(userIds))
  const moderation = hooks.of('moderation')
  moderation.on('messageErased', forgetReportedText)
  moderation.on('mayReadMedia', mayReadReported)
  moderation.on('spamSuspected', reportSuspicion)
}
