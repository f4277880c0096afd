import { z } from 'zod'
import type { Context } from '../../../context.ts'
import { invalidInput } from '../../../errors.ts'
import { jsonObject } from '../../../platform/json-object.ts'
import { text } from '../../../platform/text.ts'
import { check, checkAll } from '../../../platform/validation.ts'
import { type Kind, oneLine } from './definition.ts'

export interface CustomBody {
  custom_type: string
  data: Record<string, unknown>
  fallback_text: string
  /** Text for search, from its type at sending; default: the fallback text. */
  search_text?: string
}

export interface CustomInput {
  type: string
  data: Record<string, unknown>
  fallbackText: string
}

const typeSchema = z
  .string()
  .regex(
    /^[a-zA-Z0-9][a-zA-Z0-9._:/-]{0,63}$/,
    'must be 1 to 64 letters, digits, dots, dashes, slashes, colons',
  )

export const customKind: Kind<CustomBody, CustomInput> = {
  description: 'A custom message of the application.',
  typeName: 'CustomContent',
  since: 2,
  read(input, { config, messages }, path) {
    const fallbackSchema = text({ max: config.limits.textLength, visible: true })
    const [type, fallback_text, data] = checkAll(
      () => check(typeSchema, input.type, `${path}.type`),
      () => check(fallbackSchema, input.fallbackText, `${path}.fallbackText`),
      () => check(jsonObject, input.data, `${path}.data`),
    )
    const kind = messages.kinds.find(type)
    if (!kind && config.customMessages === 'registered')
      throw invalidInput({ path: `${path}.type`, message: 'is not a registered message kind' })
    if (!kind) return { custom_type: type, data, fallback_text }
    const parsed = check(jsonObject, check(kind.schema, data, `${path}.data`), `${path}.data`)
    return { custom_type: type, data: parsed, fallback_text, search_text: kind.searchText(parsed) }
  },
  plainText: (content, ctx) => oneLine(ownText(content, ctx) || content.fallback_text),
  searchText: ({ search_text, fallback_text }) => search_text ?? fallback_text,
}

/** The plain text from its type; null if the type is not registered, or the data no longer match its schema. */
function ownText({ custom_type, data }: CustomBody, { messages, log }: Context): string | null {
  const kind = messages.kinds.find(custom_type)
  const parsed = kind?.schema.safeParse(data)
  if (!kind || !parsed?.success) return null
  try {
    return kind.plainText(parsed.data)
  } catch (error) {
    log.error({ err: error, type: custom_type }, 'plain text of a custom message failed')
    return null
  }
}
