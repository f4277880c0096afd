import type { Context } from '../../context.ts'
import { oneLine } from '../../message/content/kinds/definition.ts'
import { contentOf, plainText } from '../../message/content/plain-text.ts'
import type { MessageRow } from '../../message/store.ts'
import { languageFor } from '../../platform/language/spoken.ts'
import type { TemplateName } from './templates.ts'

const placeholders: Record<string, TemplateName> = {
  IMAGE: 'image',
  VIDEO: 'video',
  AUDIO: 'audio',
  FILE: 'file',
  FORWARD: 'forward',
}

/** The message in one line, with a label for media in the reader's language. */
export async function previewOf(ctx: Context, message: MessageRow, locale: string): Promise<string> {
  const placeholder = placeholders[message.kind]
  if (!placeholder) return plainText(ctx, contentOf(message), languageFor(locale))
  return ctx.push.templates.fill(locale, placeholder, { caption: captionOf(message) })
}

/** The caption of a media item, the name of a file, or the source of a forward. */
function captionOf({ kind, content }: MessageRow): string {
  if (typeof content !== 'object' || content === null) return ''
  const { caption, filename, source_conversation_name: source } = content as Record<string, unknown>
  const named = kind === 'FILE' ? [filename, caption] : kind === 'FORWARD' ? [source] : [caption]
  return oneLine(named.filter((part) => typeof part === 'string').join(' '))
}
