import { appWords } from './en/app.ts'
import { chatWords } from './en/chat.ts'
import { errorWords } from './en/errors.ts'
import { groupWords } from './en/group.ts'
import { moderationWords } from './en/moderation.ts'
import { peopleWords } from './en/people.ts'
import { settingsWords } from './en/settings.ts'

export const en = {
  ...appWords,
  ...chatWords,
  ...peopleWords,
  ...groupWords,
  ...settingsWords,
  ...moderationWords,
  ...errorWords,
}

export type Words = typeof en
