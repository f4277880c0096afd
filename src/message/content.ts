import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { SystemEventContent } from '../conversation/system-message.ts'
import { text } from '../platform/text.ts'
import { check } from '../platform/validation.ts'

/** The shapes content is stored in; docs/protocol.md lists them. */
export interface TextBody {
  body: string
}

export type RichTextPart =
  | { type: 'text'; body: string }
  | { type: 'mention'; user_id: string; display_text: string }
  | { type: 'mention'; mention_type: 'all'; display_text: string }

export interface RichTextBody {
  parts: RichTextPart[]
}

export type StoredContent =
  | { kind: 'TEXT'; content: TextBody }
  | { kind: 'RICH_TEXT'; content: RichTextBody }
  | { kind: 'SYSTEM'; content: SystemEventContent }

/** What people may write themselves. */
export type WrittenContent = Exclude<StoredContent, { kind: 'SYSTEM' }>

interface RichTextPartInput {
  text?: string | null
  mention?: { userId: string; displayText: string } | null
  mentionAll?: { displayText: string } | null
}

export interface ContentInput {
  text?: string | null
  richText?: { parts: RichTextPartInput[] } | null
}

const partsMax = 200
const displayText = text({ min: 1, max: 128 })

const richTextSchema = z.object({
  parts: z
    .array(
      z.union([
        z.object({ text: text({ min: 1, trim: false }) }),
        z.object({ mention: z.object({ userId: z.string().min(1).max(64), displayText }) }),
        z.object({ mentionAll: z.object({ displayText }) }),
      ]),
    )
    .min(1)
    .max(partsMax),
})

/** Checks and normalises what somebody wrote; INVALID_INPUT names the part and the limit. */
export function readContent(input: ContentInput, maxLength: number, path: string): WrittenContent {
  if (input.richText) return readRichText(input.richText, maxLength, `${path}.richText`)
  const body = check(text({ min: 1, max: maxLength, trim: false, visible: true }), input.text, `${path}.text`)
  return { kind: 'TEXT', content: { body } }
}

function readRichText(input: { parts: RichTextPartInput[] }, maxLength: number, path: string): WrittenContent {
  const { parts } = check(richTextSchema, input, path)
  const stored = parts.map((part): RichTextPart => {
    if ('text' in part) return { type: 'text', body: part.text }
    if ('mention' in part)
      return { type: 'mention', user_id: part.mention.userId, display_text: part.mention.displayText }
    return { type: 'mention', mention_type: 'all', display_text: part.mentionAll.displayText }
  })
  const whole = stored.map(partText).join('')
  check(text({ min: 1, max: maxLength, trim: false, visible: true }), whole, path)
  return { kind: 'RICH_TEXT', content: { parts: stored } }
}

export const partText = (part: RichTextPart): string => (part.type === 'text' ? part.body : part.display_text)

/** Whom content mentions, each once; null is everybody. */
export function mentionsIn(content: StoredContent): (string | null)[] {
  if (content.kind !== 'RICH_TEXT') return []
  const mentioned = content.content.parts.flatMap((part) => {
    if (part.type === 'text') return []
    return 'user_id' in part ? [part.user_id] : [null]
  })
  return [...new Set(mentioned)]
}

/** Content on one line, for lists and notices. */
export function oneLine(body: string): string {
  return body.replace(/\s+/gu, ' ').trim()
}

/** Decides whether two requests under one key asked for the same. */
export function requestHash(conversationId: string, written: WrittenContent, quoteSeq: number | null): string {
  const asked = JSON.stringify([conversationId, written.kind, written.content, quoteSeq])
  return createHash('sha256').update(asked).digest('base64url')
}
