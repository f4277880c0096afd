import type { SystemEvent, SystemEventContent } from '../../../conversation/system-message.ts'
import { builder } from '../../../platform/graphql/builder.ts'
import type { ContentPlace } from '../plain-text.ts'
import type { Change } from './change.ts'
import { MemberJoinType, RoleChangeType } from './member-changes.ts'
import { AnnouncementPostType, MessagePinType } from './references.ts'
import {
  GroupAvatarChangeType,
  GroupNameChangeType,
  HistoryVisibilityChangeType,
  JoinPolicyChangeType,
  MentionAllPolicyChangeType,
  PostingPolicyChangeType,
  SlowModeChangeType,
} from './setting-changes.ts'

const typeOf = {
  MEMBER_JOINED: MemberJoinType,
  ROLE_CHANGED: RoleChangeType,
  GROUP_RENAMED: GroupNameChangeType,
  GROUP_AVATAR_CHANGED: GroupAvatarChangeType,
  SLOW_MODE_CHANGED: SlowModeChangeType,
  JOIN_POLICY_CHANGED: JoinPolicyChangeType,
  POSTING_POLICY_CHANGED: PostingPolicyChangeType,
  MENTION_ALL_POLICY_CHANGED: MentionAllPolicyChangeType,
  HISTORY_VISIBILITY_CHANGED: HistoryVisibilityChangeType,
  MESSAGE_PINNED: MessagePinType,
  ANNOUNCEMENT_POSTED: AnnouncementPostType,
}

type ChangingEvent = keyof typeof typeOf
type AnyChange = { [Event in ChangingEvent]: Change<Event> }[ChangingEvent]

export const SystemChangeUnion = builder.unionType('SystemChange', {
  description: 'What the event of a system message changed, or what it refers to.',
  types: Object.values(typeOf),
  resolveType: ({ event }) => typeOf[event].name,
})

const isChanging = (event: SystemEvent): event is ChangingEvent => event in typeOf

/** Events that are described by the place of their message, not by stored data. */
const byPlace: readonly SystemEvent[] = ['MESSAGE_PINNED', 'ANNOUNCEMENT_POSTED']

/** The change of a system message; null if there is none, or it was not stored. */
export function changeOf({ event, change }: SystemEventContent, place: ContentPlace): AnyChange | null {
  if (!isChanging(event) || (!change && !byPlace.includes(event))) return null
  return { ...change, event, place } as AnyChange
}
