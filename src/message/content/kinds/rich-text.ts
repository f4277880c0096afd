import { z } from 'zod'
import { name, text } from '../../../platform/text.ts'
import { check, checkAll } from '../../../platform/validation.ts'
import { type Kind, oneLine } from './definition.ts'
import { bodySchema } from './text.ts'

export type RichTextPart =
  | { type: 'text'; body: string }
  | { type: 'mention'; user_id: string; display_text: string }
  | { type: 'mention'; mention_type: 'all'; display_text: string }

export interface RichTextBody {
  parts: RichTextPart[]
}

interface RichTextPartInput {
  text?: string | null
  mention?: { userId: string; displayText: string } | null
  mentionAll?: { displayText: string } | null
}

export interface RichTextInput {
  parts: RichTextPartInput[]
}

const partsMax = 200
const pieceSchema = text({ min: 1, trim: false })
const userIdSchema = z.string().min(1).max(64)
const displaySchema = name({ max: 128 })
const partCountSchema = z
  .number()
  .min(1, 'must have a part')
  .max(partsMax, `must have at most ${partsMax} parts`)

export const partText = (part: RichTextPart): string => (part.type === 'text' ? part.body : part.display_text)

const whole = ({ parts }: RichTextBody) => parts.map(partText).join('')

export const richTextKind: Kind<RichTextBody, RichTextInput> = {
  description: 'Text with mentions.',
  typeName: 'RichTextContent',
  since: 1,
  read({ parts }, { config }, path) {
    check(partCountSchema, parts.length, `${path}.parts`)
    const stored = {
      parts: checkAll(...parts.map((part, index) => () => readPart(part, `${path}.parts.${index}`))),
    }
    check(bodySchema(config.limits.textLength), whole(stored), `${path}.parts`)
    return stored
  },
  plainText: (content) => oneLine(whole(content)),
  searchText: whole,
  mentions({ parts }) {
    const mentioned = parts.flatMap((part) => {
      if (part.type === 'text') return []
      return 'user_id' in part ? [part.user_id] : [null]
    })
    return [...new Set(mentioned)]
  },
  withoutMentions: ({ parts }) => ({ parts: parts.map((part) => ({ type: 'text', body: partText(part) })) }),
}

function readPart({ mention, mentionAll, text: body }: RichTextPartInput, path: string): RichTextPart {
  if (mention) {
    const [user_id, display_text] = checkAll(
      () => check(userIdSchema, mention.userId, `${path}.mention.userId`),
      () => check(displaySchema, mention.displayText, `${path}.mention.displayText`),
    )
    return { type: 'mention', user_id, display_text }
  }
  if (mentionAll)
    return {
      type: 'mention',
      mention_type: 'all',
      display_text: check(displaySchema, mentionAll.displayText, `${path}.mentionAll.displayText`),
    }
  return { type: 'text', body: check(pieceSchema, body, `${path}.text`) }
}
