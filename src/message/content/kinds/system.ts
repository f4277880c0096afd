import { loadUser } from '../../../account/store.ts'
import type { Context } from '../../../context.ts'
import type { SystemEvent, SystemEventContent } from '../../../conversation/system-message.ts'
import type { Kind } from './definition.ts'

const sentences: Record<SystemEvent, (actor: string, subjects: string) => string> = {
  GROUP_CREATED: (actor, subjects) => `${actor} created the group${subjects && ` with ${subjects}`}`,
  MEMBERS_ADDED: (actor, subjects) => `${actor} added ${subjects}`,
  MEMBER_JOINED: (_actor, subjects) => `${subjects} joined`,
  MEMBER_LEFT: (_actor, subjects) => `${subjects} left`,
  MEMBER_REMOVED: (actor, subjects) => `${actor} removed ${subjects}`,
  ROLE_CHANGED: (actor, subjects) => `${actor} changed the role of ${subjects}`,
  OWNER_CHANGED: (_actor, subjects) => `${subjects} is the owner now`,
  GROUP_RENAMED: (actor) => `${actor} renamed the group`,
  ANNOUNCEMENT_POSTED: (actor) => `${actor} posted an announcement`,
  GROUP_MUTED: (actor) => `${actor} muted the group`,
  GROUP_UNMUTED: (actor) => `${actor} unmuted the group`,
  FRIENDSHIP_STARTED: () => 'You are friends now',
  MESSAGE_PINNED: (actor) => `${actor} pinned a message`,
}

const namedSubjects = 5

async function sentenceOf(content: SystemEventContent, ctx: Context): Promise<string> {
  const name = async (userId: string) => (await loadUser(ctx, userId))?.displayName ?? 'A user'
  const named = content.subject_ids.slice(0, namedSubjects)
  const [actor, ...subjects] = await Promise.all([
    content.actor_id ? name(content.actor_id) : 'A user',
    ...named.map(name),
  ])
  const others = content.subject_count - named.length
  const list = subjects.join(', ') + (others > 0 ? ` and ${others} more` : '')
  return sentences[content.event](actor, list)
}

/** An event of the conversation. Users cannot send it, and search does not find it. */
export const systemKind: Kind<SystemEventContent> = {
  description: 'A system message, such as a join. Search does not find it.',
  typeName: 'SystemContent',
  since: 1,
  plainText: sentenceOf,
  searchText: () => null,
}
