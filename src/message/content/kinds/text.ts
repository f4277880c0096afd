import { text } from '../../../platform/text.ts'
import { check } from '../../../platform/validation.ts'
import { type Kind, oneLine } from './definition.ts'

export interface TextBody {
  body: string
}

// Building a schema costs many times as much as parsing a text with it.
const bodySchemas = new Map<number, ReturnType<typeof text>>()

/** Schema of the text of a message. */
export function bodySchema(max: number): ReturnType<typeof text> {
  const known = bodySchemas.get(max)
  if (known) return known
  const schema = text({ min: 1, max, trim: false, visible: true })
  bodySchemas.set(max, schema)
  return schema
}

export const textKind: Kind<TextBody, string> = {
  description: 'Plain text.',
  typeName: 'TextContent',
  since: 1,
  read: (input, { config }, path) => ({ body: check(bodySchema(config.limits.textLength), input, path) }),
  plainText: ({ body }) => oneLine(body),
  searchText: ({ body }) => body,
}
