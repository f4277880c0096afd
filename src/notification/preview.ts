import type { Context } from '../context.ts'
import { contentOf, plainText } from '../message/plain-text.ts'
import type { MessageRow } from '../message/store.ts'
import type { TemplateName } from './templates.ts'

const placeholders: Record<string, TemplateName> = {
  IMAGE: 'image',
  VIDEO: 'video',
  AUDIO: 'audio',
  FILE: 'file',
  FORWARD: 'forward',
}

/** One line of what a message says, with the word for its kind in the reader's language. */
export async function previewOf(ctx: Context, message: MessageRow, locale: string): Promise<string> {
  const placeholder = placeholders[message.kind]
  if (!placeholder) return plainText(ctx, contentOf(message))
  return ctx.push.templates.fill(locale, placeholder, { caption: captionOf(message.content) })
}

/** What was written beside a picture, or the name of a file. */
function captionOf(content: unknown): string {
  if (typeof content !== 'object' || content === null) return ''
  const { caption, filename } = content as { caption?: unknown; filename?: unknown }
  if (typeof caption === 'string') return caption
  return typeof filename === 'string' ? filename : ''
}
