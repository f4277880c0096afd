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
const pieceSchema = text({ min: 1, trim: false })
const userIdSchema = z.string().min(1).max(64)
const displaySchema = text({ min: 1, max: 128 })
const partCountSchema = z
  .number()
  .min(1, 'must have a part')
  .max(partsMax, `must have at most ${partsMax} parts`)

// To build a schema costs many times what it costs to check a text with it.
const bodySchemas = new Map<number, ReturnType<typeof text>>()

function bodySchema(max: number): ReturnType<typeof text> {
  const known = bodySchemas.get(max)
  if (known) return known
  const schema = text({ min: 1, max, trim: false, visible: true })
  bodySchemas.set(max, schema)
  return schema
}

/** Checks and normalises what somebody wrote; INVALID_INPUT names the part and the limit. */
export function readContent(input: ContentInput, maxLength: number, path: string): WrittenContent {
  if (input.richText) return readRichText(input.richText, maxLength, `${path}.richText`)
  const body = check(bodySchema(maxLength), input.text, `${path}.text`)
  return { kind: 'TEXT', content: { body } }
}

function readRichText(
  { parts }: { parts: RichTextPartInput[] },
  maxLength: number,
  path: string,
): WrittenContent {
  check(partCountSchema, parts.length, `${path}.parts`)
  const stored = parts.map((part, index) => readPart(part, `${path}.parts.${index}`))
  const whole = stored.map(partText).join('')
  check(bodySchema(maxLength), whole, `${path}.parts`)
  return { kind: 'RICH_TEXT', content: { parts: stored } }
}

function readPart({ mention, mentionAll, text: body }: RichTextPartInput, path: string): RichTextPart {
  if (mention)
    return {
      type: 'mention',
      user_id: check(userIdSchema, mention.userId, `${path}.mention.userId`),
      display_text: check(displaySchema, mention.displayText, `${path}.mention.displayText`),
    }
  if (mentionAll)
    return {
      type: 'mention',
      mention_type: 'all',
      display_text: check(displaySchema, mentionAll.displayText, `${path}.mentionAll.displayText`),
    }
  return { type: 'text', body: check(pieceSchema, body, `${path}.text`) }
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
export function requestHash(
  conversationId: string,
  written: WrittenContent,
  quoteSeq: number | null,
): string {
  const asked = JSON.stringify([conversationId, written.kind, written.content, quoteSeq])
  return createHash('sha256').update(asked).digest('base64url')
}
