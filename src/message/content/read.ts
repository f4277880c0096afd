import { hash } from 'node:crypto'
import type { CustomInput } from './kinds/custom.ts'
import type { AnyContent, Nested, WritingRules } from './kinds/definition.ts'
import type { MediaInput } from './kinds/media.ts'
import { kindOf, type StoredContent } from './kinds/registry.ts'
import type { RichTextBody, RichTextInput } from './kinds/rich-text.ts'

/** Content that users can send. */
export type WrittenContent = Exclude<StoredContent, { kind: 'SYSTEM' | 'FORWARD' }>

export interface ContentInput {
  text?: string | null
  richText?: RichTextInput | null
  image?: MediaInput | null
  file?: MediaInput | null
  video?: MediaInput | null
  audio?: MediaInput | null
  custom?: CustomInput | null
}

const kindsByInput = {
  text: 'TEXT',
  richText: 'RICH_TEXT',
  image: 'IMAGE',
  file: 'FILE',
  video: 'VIDEO',
  audio: 'AUDIO',
  custom: 'CUSTOM',
} as const satisfies Record<keyof ContentInput, WrittenContent['kind']>

/** Validates and normalises the input; INVALID_INPUT names the field and the limit. */
export function readContent(input: ContentInput, rules: WritingRules, path: string): WrittenContent {
  for (const [name, kind] of Object.entries(kindsByInput)) {
    const given: unknown = input[name as keyof ContentInput]
    if (given === undefined || given === null) continue
    return { kind, content: kindOf({ kind }).read?.(given, rules, `${path}.${name}`) } as WrittenContent
  }
  // The oneOf input guarantees exactly one field.
  throw new Error('There is no content.')
}

const nested: Nested = { searchText, mediaIds }

/** The text for search; null if there is none. */
export function searchText(stored: AnyContent): string | null {
  return kindOf(stored).searchText(stored.content, nested)
}

function mediaIds(stored: AnyContent): string[] {
  return kindOf(stored).mediaIds?.(stored.content, nested) ?? []
}

/** The ids of the attached media items, each once. */
export const mediaIn = (stored: AnyContent): string[] => [...new Set(mediaIds(stored))]

/** The text by which duplicate messages of a sender are detected. */
export function comparableText({ content }: AnyContent): string {
  if ('body' in content && typeof content.body === 'string') return content.body
  // Mentions differ between otherwise equal messages.
  if ('parts' in content)
    return (content as RichTextBody).parts.map((part) => (part.type === 'text' ? part.body : '')).join('')
  return JSON.stringify(content)
}

/** The mentioned user ids, each once; null is a mention of all. */
export function mentionsIn(stored: AnyContent): (string | null)[] {
  return kindOf(stored).mentions?.(stored.content) ?? []
}

/** Equal for equal requests; distinguishes a retry from another use of its key. */
export function requestHash(
  conversationId: string,
  written: WrittenContent,
  quoteSeq: number | null,
): string {
  const asked = JSON.stringify([conversationId, written.kind, written.content, quoteSeq])
  return hash('sha256', asked, 'base64url')
}
