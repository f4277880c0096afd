import type { Words } from './en.ts'
import { appWords } from './zh/app.ts'
import { chatWords } from './zh/chat.ts'
import { errorWords } from './zh/errors.ts'
import { groupWords } from './zh/group.ts'
import { moderationWords } from './zh/moderation.ts'
import { peopleWords } from './zh/people.ts'
import { settingsWords } from './zh/settings.ts'

export const zh: Words = {
  ...appWords,
  ...chatWords,
  ...peopleWords,
  ...groupWords,
  ...settingsWords,
  ...moderationWords,
  ...errorWords,
}
