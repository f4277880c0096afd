import { newId } from '../platform/ids.ts'
import type { ConversationWriter } from '../transaction.ts'
import { appendMessages, type Numbers } from './append.ts'

export const systemEvents = {
  GROUP_CREATED: 'The actor created the group with the subjects.',
  MEMBERS_ADDED: 'The actor added the subjects.',
  MEMBER_JOINED: 'The subject joined by an invite, an approved request, or an open group.',
  MEMBER_LEFT: 'The subject left.',
  MEMBER_REMOVED: 'The actor removed the subject.',
  ROLE_CHANGED: 'The actor changed the role of the subject.',
  OWNER_CHANGED: 'The subject became the owner.',
  GROUP_RENAMED: 'The actor renamed the group.',
  ANNOUNCEMENT_POSTED: 'The actor posted an announcement.',
  GROUP_MUTED: 'The actor muted the group: only the owner and admins may send.',
  GROUP_UNMUTED: 'The actor unmuted the group.',
  FRIENDSHIP_STARTED: 'The two users became friends.',
  MESSAGE_PINNED: 'The actor pinned a message.',
} as const

export type SystemEvent = keyof typeof systemEvents

/** A system message as it is stored: with ids, because names are resolved on reading. */
export interface SystemEventContent {
  event: SystemEvent
  actor_id: string | null
  /** The first of the subjects; an event can have thousands. */
  subject_ids: string[]
  subject_count: number
}

const subjectsKept = 100

/** Appends a system message, which does not count as unread. Requires the conversation's lock. */
export async function appendSystemMessage(
  tx: ConversationWriter,
  conversationId: string,
  details: { event: SystemEvent; actorId: string | null; subjectIds?: string[]; quoteSeq?: number },
): Promise<Numbers> {
  const subjectIds = details.subjectIds ?? []
  const content: SystemEventContent = {
    event: details.event,
    actor_id: details.actorId,
    subject_ids: subjectIds.slice(0, subjectsKept),
    subject_count: subjectIds.length,
  }
  const id = newId()
  const numbers = await appendMessages(tx, [
    {
      id,
      conversationId,
      senderId: null,
      clientMessageId: null,
      requestHash: null,
      kind: 'SYSTEM',
      content,
      quoteSeq: details.quoteSeq ?? null,
      mentions: [],
    },
  ])
  return numbers.get(id) as Numbers
}
