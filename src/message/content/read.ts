import { createHash } from 'node:crypto'
import type { CustomInput } from './kinds/custom.ts'
import type { AnyContent, Nested, WritingRules } from './kinds/definition.ts'
import type { MediaInput } from './kinds/media.ts'
import { kindOf, type StoredContent } from './kinds/registry.ts'
import type { RichTextBody, RichTextInput } from './kinds/rich-text.ts'

/** What people may write themselves. */
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

/** Checks and normalises what somebody wrote; INVALID_INPUT names the part and the limit. */
export function readContent(input: ContentInput, rules: WritingRules, path: string): WrittenContent {
  for (const [name, kind] of Object.entries(kindsByInput)) {
    const given: unknown = input[name as keyof ContentInput]
    if (given === undefined || given === null) continue
    return { kind, content: kindOf({ kind }).read?.(given, rules, `${path}.${name}`) } as WrittenContent
  }
  // The schema lets exactly one through.
  throw new Error('There is no content.')
}

const nested: Nested = { searchText, mediaIds }

/** The text that content is found by; null when there is nothing to find. */
export function searchText(stored: AnyContent): string | null {
  return kindOf(stored).searchText(stored.content, nested)
}

function mediaIds(stored: AnyContent): string[] {
  return kindOf(stored).mediaIds?.(stored.content, nested) ?? []
}

/** The uploads that content shows, each once. */
export const mediaIn = (stored: AnyContent): string[] => [...new Set(mediaIds(stored))]

/** What one message must have in common with another for their sender to repeat themselves. */
export function comparableText({ content }: AnyContent): string {
  if ('body' in content && typeof content.body === 'string') return content.body
  // Whom it addresses is somebody else each time.
  if ('parts' in content)
    return (content as RichTextBody).parts.map((part) => (part.type === 'text' ? part.body : '')).join('')
  return JSON.stringify(content)
}

/** Whom content mentions, each once; null is everybody. */
export function mentionsIn(stored: AnyContent): (string | null)[] {
  return kindOf(stored).mentions?.(stored.content) ?? []
}

/** Decides whether two requests under one key asked for the same. */
export function requestHash(
  conversationId: string,
  written: WrittenContent,
  quoteSeq: number | null,
): string {
  const asked = JSON.stringify([conversationId, written.kind, written.content, quoteSeq])
  return createHash('sha256').update(asked).digest('base64url')
}
