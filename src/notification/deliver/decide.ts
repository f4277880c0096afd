import type { DueNotification } from '../due.ts'
import { quietUntil } from '../quiet-hours.ts'

export type Decision =
  | { act: 'SEND' }
  | { act: 'SUPPRESS'; reason: string }
  | { act: 'WAIT_FOR_QUIET_END'; until: Date }
  /** With `requireLatest` only an acknowledgement of the newest message suppresses the notification from now on. */
  | { act: 'WAIT'; until: Date; requireLatest: boolean }

const replaced = 'Replaced by a later notification.'

const suppress = (reason: string): Decision => ({ act: 'SUPPRESS', reason })

/** Decides at the time of sending, with the current state, whether a notification is sent. */
export function decide(notification: DueNotification, now: Date, delayMs: number): Decision {
  if (!notification.deviceLive || notification.token === null) return suppress('The device is not signed in.')
  if (!notification.push) return suppress('Push is disabled.')
  if (notification.purpose === 'SIGN_IN')
    return notification.isSignInDevice ? suppress('This device signed in.') : { act: 'SEND' }

  if (notification.purpose === 'LEFT') return decideWithdrawal(notification)
  if (!notification.isMember) return suppress('No longer in the conversation.')
  // Corrections and withdrawals make no sound: do-not-disturb and quiet hours do not apply.
  if (notification.purpose === 'RECALL') return decideCorrection(notification)
  if (notification.purpose === 'READ') return decideWithdrawal(notification)
  if (notification.showSeq === null) return suppress(reasonToShowNothing(notification))
  if (notification.alreadyShown) return suppress('Shown by an earlier notification.')
  return decideMessage(notification, now, delayMs)
}

const decideWithdrawal = ({ stillShown }: DueNotification): Decision =>
  stillShown ? { act: 'SEND' } : suppress(replaced)

function decideCorrection(notification: DueNotification): Decision {
  if (!notification.stillShown) return suppress(replaced)
  return isRead(notification) ? suppress('Read.') : { act: 'SEND' }
}

function decideMessage(notification: DueNotification, now: Date, delayMs: number): Decision {
  // The deliveries that the clock numbers have no number in the stream.
  const numbered = notification.streamSeq > 0
  const acknowledged = numbered
    ? notification.acknowledgedSeq >= notification.latestStreamSeq
    : notification.showAcknowledged
  if (acknowledged) return suppress('Acknowledged.')
  // A device acknowledged the first message of a burst, so it is in use: the others get the full delay too.
  if (numbered ? notification.acknowledgedSeq >= notification.streamSeq : notification.isActive)
    return { act: 'WAIT', until: new Date(now.getTime() + delayMs), requireLatest: true }
  const quietEnd = quietUntil(notification, now)
  if (quietEnd) return { act: 'WAIT_FOR_QUIET_END', until: quietEnd }
  const until = afterPending(notification)
  return until ? { act: 'WAIT', until, requireLatest: false } : { act: 'SEND' }
}

// A queued notification may show the mention itself.
const afterPending = ({ pendingUntil }: DueNotification): Date | null =>
  pendingUntil && new Date(pendingUntil.getTime() + 1_000)

function reasonToShowNothing(notification: DueNotification): string {
  if (isRead(notification)) return 'Read.'
  return notification.doNotDisturb ? 'Do not disturb.' : 'No message to show.'
}

const isRead = ({ toSeq, readSeq }: DueNotification) => toSeq !== null && readSeq >= toSeq
