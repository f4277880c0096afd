import type { DueNotification } from '../due.ts'
import { quietUntil } from '../quiet-hours.ts'

export type Decision =
  | { act: 'SEND' }
  | { act: 'SUPPRESS'; reason: string }
  /** With `followed`, somebody is there: from now on the newest message has to be acknowledged. */
  | { act: 'WAIT'; until: Date; requireLatest: boolean }

const replaced = 'A later notice has taken its place.'

const suppress = (reason: string): Decision => ({ act: 'SUPPRESS', reason })

/** Whether a notice is sent, decided with what holds at the moment it would be. */
export function decide(notification: DueNotification, now: Date, delayMs: number): Decision {
  if (!notification.deviceLive || notification.token === null) return suppress('The device is not signed in.')
  if (!notification.push) return suppress('Push is switched off.')
  if (notification.purpose === 'SIGN_IN')
    return notification.isSignInDevice ? suppress('It is the device that signed in.') : { act: 'SEND' }

  if (notification.purpose === 'LEFT') return decideWithdrawal(notification)
  if (!notification.isMember) return suppress('No longer in the conversation.')
  // What takes something away makes no sound: neither do-not-disturb nor the night is against it.
  if (notification.purpose === 'RECALL') return decideCorrection(notification)
  if (notification.purpose === 'READ') return decideWithdrawal(notification)
  if (notification.doNotDisturb) return suppress('Do not disturb.')
  if (notification.showSeq === null)
    return suppress(isRead(notification) ? 'Read.' : 'Recalled, or not to be shown.')
  return decideMessage(notification, now, delayMs)
}

const decideWithdrawal = ({ stillShown }: DueNotification): Decision =>
  stillShown ? { act: 'SEND' } : suppress(replaced)

function decideCorrection(notification: DueNotification): Decision {
  if (!notification.stillShown) return suppress(replaced)
  return isRead(notification) ? suppress('Read.') : { act: 'SEND' }
}

function decideMessage(notification: DueNotification, now: Date, delayMs: number): Decision {
  // Members of large groups have no number of their own for it.
  const numbered = notification.streamSeq > 0
  const reached = numbered
    ? notification.acknowledgedSeq >= notification.latestStreamSeq
    : notification.showAcknowledged
  if (reached) return suppress('Acknowledged.')
  // The first of a burst was acknowledged: the device is there and follows, so the rest gets as long as the first had.
  if (numbered && notification.acknowledgedSeq >= notification.streamSeq)
    return { act: 'WAIT', until: new Date(now.getTime() + delayMs), requireLatest: true }
  const until = quietUntil(notification, now)
  return until ? { act: 'WAIT', until, requireLatest: false } : { act: 'SEND' }
}

const isRead = ({ toSeq, readSeq }: DueNotification) => toSeq !== null && readSeq >= toSeq
