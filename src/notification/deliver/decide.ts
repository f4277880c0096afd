import type { DueNotice } from '../due.ts'
import { quietUntil } from '../quiet-hours.ts'

export type Decision =
  | { act: 'SEND' }
  | { act: 'SUPPRESS'; reason: string }
  /** With `followed`, somebody is there: from now on the newest message has to be acknowledged. */
  | { act: 'WAIT'; until: Date; followed: boolean }

const replaced = 'A later notice has taken its place.'

const suppress = (reason: string): Decision => ({ act: 'SUPPRESS', reason })

/** Whether a notice is sent, decided with what holds at the moment it would be. */
export function decide(notice: DueNotice, now: Date, delayMs: number): Decision {
  if (!notice.deviceLive || notice.token === null) return suppress('The device is not signed in.')
  if (!notice.push) return suppress('Push is switched off.')
  if (notice.purpose === 'SIGN_IN')
    return notice.isItself ? suppress('It is the device that signed in.') : { act: 'SEND' }

  if (notice.purpose === 'LEFT') return decideWithdrawal(notice)
  if (!notice.isMember) return suppress('No longer in the conversation.')
  // What takes something away makes no sound: neither do-not-disturb nor the night is against it.
  if (notice.purpose === 'RECALL') return decideCorrection(notice)
  if (notice.purpose === 'READ') return decideWithdrawal(notice)
  if (notice.doNotDisturb) return suppress('Do not disturb.')
  if (notice.showSeq === null) return suppress(isRead(notice) ? 'Read.' : 'Recalled, or not to be shown.')
  return decideReached(notice, now, delayMs)
}

const decideWithdrawal = ({ stillShown }: DueNotice): Decision =>
  stillShown ? { act: 'SEND' } : suppress(replaced)

function decideCorrection(notice: DueNotice): Decision {
  if (!notice.stillShown) return suppress(replaced)
  return isRead(notice) ? suppress('Read.') : { act: 'SEND' }
}

function decideReached(notice: DueNotice, now: Date, delayMs: number): Decision {
  // Members of large groups have no number of their own for it.
  const numbered = notice.streamSeq > 0
  const reached = numbered ? notice.acknowledgedSeq >= notice.latestStreamSeq : notice.showAcknowledged
  if (reached) return suppress('Acknowledged.')
  // The first of a burst was acknowledged: the device is there and follows, so the rest gets as long as the first had.
  if (numbered && notice.acknowledgedSeq >= notice.streamSeq)
    return { act: 'WAIT', until: new Date(now.getTime() + delayMs), followed: true }
  const until = quietUntil(notice, now)
  return until ? { act: 'WAIT', until, followed: false } : { act: 'SEND' }
}

const isRead = ({ toSeq, readSeq }: DueNotice) => toSeq !== null && readSeq >= toSeq
