import type { EventType } from '../../src/inbox/event/body.ts'
import { eventTypes } from '../../src/inbox/event/schema.ts'
import { type Subjects, subjects } from '../../src/inbox/event/subjects.ts'
import type { Change } from '../../src/transaction.ts'

// Checked by `npm run typecheck`, never run: a line that compiles despite `@ts-expect-error` is an error.

export const known: Change = { userId: 'alice', kind: 'media', subjectId: 'photo' }

// @ts-expect-error A change of a kind that is misspelt cannot be announced.
export const misspelt: Change = { userId: 'alice', kind: 'medai', subjectId: 'photo' }

const { media, ...withoutMedia } = subjects
export const row = media

// @ts-expect-error Without its row a kind is missing from the table.
export const rows: Subjects = withoutMedia

const { MediaChanged, ...withoutMediaChanged } = eventTypes
export const type = MediaChanged

// @ts-expect-error Without its GraphQL type an event is missing from the schema.
export const types: Record<EventType, object> = withoutMediaChanged
