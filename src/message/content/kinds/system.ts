import type { SystemEventContent } from '../../../conversation/system-message.ts'
import { sentenceOf } from '../system/sentences.ts'
import type { Kind } from './definition.ts'

/** An event of the conversation. Users cannot send it, and search does not find it. */
export const systemKind: Kind<SystemEventContent> = {
  description: 'A system message, such as a join. Search does not find it.',
  typeName: 'SystemContent',
  since: 1,
  plainText: sentenceOf,
  searchText: () => null,
}
