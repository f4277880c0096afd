import type {
  GroupRole,
  HistoryVisibility,
  JoinPolicy,
  MentionAllPolicy,
  PostingPolicy,
} from '../platform/db/generated/enums.ts'
import { newId } from '../platform/ids.ts'
import type { ConversationWriter } from '../transaction.ts'
import { appendMessages } from './append/append.ts'
import type { Numbers } from './append/number.ts'

/** The events, each with the schema version that added it if it is not in the first one. */
export const systemEvents = {
  GROUP_CREATED: { description: 'The actor created the group with the subjects.' },
  MEMBERS_ADDED: { description: 'The actor added the subjects.' },
  MEMBER_JOINED: {
    description:
      'The subject joined by an invite, an approved request, or an open group. The actor is the subject or, for a request, the user who approved it.',
  },
  MEMBER_LEFT: { description: 'The subject left.' },
  MEMBER_REMOVED: { description: 'The actor removed the subject.' },
  ROLE_CHANGED: { description: 'The actor changed the role of the subject.' },
  OWNER_CHANGED: { description: 'The subject became the owner. The actor was the owner until then.' },
  GROUP_RENAMED: { description: 'The actor renamed the group.' },
  GROUP_AVATAR_CHANGED: {
    since: 3,
    description: 'The actor set, replaced or removed the avatar of the group.',
  },
  GROUP_DESCRIPTION_CHANGED: { since: 3, description: 'The actor changed the description of the group.' },
  ANNOUNCEMENT_POSTED: { description: 'The actor posted an announcement.' },
  GROUP_MUTED: { description: 'The actor muted the group: only the owner and admins may send.' },
  GROUP_UNMUTED: { description: 'The actor unmuted the group.' },
  SLOW_MODE_CHANGED: { since: 3, description: 'The actor changed the slow mode of the group.' },
  JOIN_POLICY_CHANGED: { since: 3, description: 'The actor changed how users join the group.' },
  POSTING_POLICY_CHANGED: { since: 3, description: 'The actor changed who may send in the group.' },
  MENTION_ALL_POLICY_CHANGED: { since: 3, description: 'The actor changed who may mention all members.' },
  HISTORY_VISIBILITY_CHANGED: {
    since: 3,
    description: 'The actor changed which earlier messages new members see.',
  },
  FRIENDSHIP_STARTED: { description: 'The two users became friends.' },
  MESSAGE_PINNED: { description: 'The actor pinned a message.' },
} as const satisfies Record<string, { description: string; since?: number }>

export type SystemEvent = keyof typeof systemEvents

interface FromTo<Value> {
  from: Value
  to: Value
}

export type JoinMethod = 'INVITE' | 'APPROVAL' | 'OPEN'

/** What an event changed, as it is stored. Messages of servers that did not store it lack it. */
export interface SystemChanges {
  MEMBER_JOINED: { via: JoinMethod; inviter_id?: string }
  ROLE_CHANGED: FromTo<GroupRole>
  GROUP_RENAMED: FromTo<string>
  GROUP_AVATAR_CHANGED: { removed: boolean }
  SLOW_MODE_CHANGED: FromTo<number>
  JOIN_POLICY_CHANGED: FromTo<JoinPolicy>
  POSTING_POLICY_CHANGED: FromTo<PostingPolicy>
  MENTION_ALL_POLICY_CHANGED: FromTo<MentionAllPolicy>
  HISTORY_VISIBILITY_CHANGED: FromTo<HistoryVisibility>
}

export type ChangeOf<Event extends SystemEvent> = Event extends keyof SystemChanges
  ? SystemChanges[Event]
  : undefined

/** A system message as it is stored: with ids, because names are resolved on reading. */
export type SystemEventContent = {
  [Event in SystemEvent]: {
    event: Event
    actor_id: string | null
    /** The first of the subjects; an event can have thousands. */
    subject_ids: string[]
    subject_count: number
    change?: ChangeOf<Event>
  }
}[SystemEvent]

/** An event with its change, if it has one. */
export type SystemEventChange = {
  [Event in SystemEvent]: Event extends keyof SystemChanges
    ? { event: Event; change: SystemChanges[Event] }
    : { event: Event; change?: undefined }
}[SystemEvent]

export type SystemEventDetails = SystemEventChange & {
  actorId: string | null
  subjectIds?: string[]
  /** The message that the event concerns. */
  quoteSeq?: number
}

const subjectsKept = 100

/** Appends a system message, which does not count as unread. Requires the conversation's lock. */
export async function appendSystemMessage(
  tx: ConversationWriter,
  conversationId: string,
  { event, change, actorId, subjectIds = [], quoteSeq }: SystemEventDetails,
): Promise<Numbers> {
  const id = newId()
  const numbers = await appendMessages(tx, [
    {
      id,
      conversationId,
      senderId: null,
      clientMessageId: null,
      requestHash: null,
      kind: 'SYSTEM',
      content: {
        event,
        actor_id: actorId,
        subject_ids: subjectIds.slice(0, subjectsKept),
        subject_count: subjectIds.length,
        ...(change && { change }),
      },
      quoteSeq: quoteSeq ?? null,
      mentions: [],
    },
  ])
  return numbers.get(id) as Numbers
}
