import type { Sql } from '../platform/db/sql.ts'
import { newId } from '../platform/ids.ts'
import { appendMessages, type Numbers } from './append.ts'

export const systemEvents = {
  GROUP_CREATED: 'The group was created with these people.',
  MEMBERS_ADDED: 'The actor added the subjects.',
  MEMBER_JOINED: 'The subject joined by invite or approval.',
  MEMBER_LEFT: 'The subject left.',
  MEMBER_REMOVED: 'The actor removed the subject.',
  ROLE_CHANGED: 'The actor gave the subject another role.',
  OWNER_CHANGED: 'The subject is the owner now.',
  GROUP_RENAMED: 'The actor gave the group another name.',
  ANNOUNCEMENT_POSTED: 'The actor posted an announcement.',
  GROUP_MUTED: 'Only admins may send now.',
  GROUP_UNMUTED: 'Everybody may send again.',
  FRIENDSHIP_STARTED: 'The two are friends now.',
  MESSAGE_PINNED: 'The actor pinned a message.',
} as const

export type SystemEvent = keyof typeof systemEvents

/** What happened, as it is stored: ids, since names are resolved when it is read. */
export interface SystemEventContent {
  event: SystemEvent
  actor_id: string | null
  /** The first of them; thousands may be added at once. */
  subject_ids: string[]
  subject_count: number
}

const subjectsKept = 100

/** Writes what happened into the history. Needs the conversation's lock; does not count as unread. */
export async function appendSystemMessage(
  sql: Sql,
  conversationId: string,
  happened: { event: SystemEvent; actorId: string | null; subjectIds?: string[]; quoteSeq?: number },
): Promise<Numbers> {
  const subjectIds = happened.subjectIds ?? []
  const content: SystemEventContent = {
    event: happened.event,
    actor_id: happened.actorId,
    subject_ids: subjectIds.slice(0, subjectsKept),
    subject_count: subjectIds.length,
  }
  const id = newId()
  const numbers = await appendMessages(sql, [
    {
      id,
      conversationId,
      senderId: null,
      clientMessageId: null,
      requestHash: null,
      kind: 'SYSTEM',
      content,
      quoteSeq: happened.quoteSeq ?? null,
      mentions: [],
    },
  ])
  return numbers.get(id) as Numbers
}
