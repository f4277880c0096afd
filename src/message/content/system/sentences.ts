import { loadUser } from '../../../account/store.ts'
import type { Context } from '../../../context.ts'
import type { SystemEventContent } from '../../../conversation/system-message.ts'
import type { Language } from '../../../platform/language/spoken.ts'
import { chinese } from './chinese.ts'
import { english } from './english.ts'
import type { Names, SystemTexts } from './texts.ts'

const textsOf: Record<Language, SystemTexts> = { en: english, zh: chinese }

const namedSubjects = 5

/** The event as a sentence, with the present names. */
export async function sentenceOf(
  content: SystemEventContent,
  ctx: Context,
  language: Language,
): Promise<string> {
  const { sentences, list, unknownUser, deletedUser } = textsOf[language]
  const name = async (userId: string) => {
    const user = await loadUser(ctx, userId)
    return user?.deletedAt ? deletedUser : (user?.displayName ?? unknownUser)
  }
  const named = content.subject_ids.slice(0, namedSubjects)
  const inviterId = inviterOf(content)
  const [actor, inviter, ...subjects] = await Promise.all([
    content.actor_id ? name(content.actor_id) : unknownUser,
    inviterId === null ? null : name(inviterId),
    ...named.map(name),
  ])
  const names = { actor, inviter, subjects: list(subjects, content.subject_count - named.length) }
  const sentence = sentences[content.event] as (names: Names, change: unknown) => string
  return sentence(names, content.change)
}

/** The user whose invite the event used. */
export const inviterOf = (content: SystemEventContent): string | null =>
  content.event === 'MEMBER_JOINED' ? (content.change?.inviter_id ?? null) : null
