import type { Context } from '../../context.ts'
import type { MessageRow } from '../store.ts'
import { labels } from './kinds/labels.ts'
import { kindOf, type StoredContent } from './kinds/registry.ts'

/** The message of a content that refers to other messages. */
export type ContentPlace = Pick<MessageRow, 'conversationId' | 'seq' | 'quoteSeq'>

/** Content as it is read: as stored, or recalled. */
export type ReadContent =
  | Exclude<StoredContent, { kind: 'SYSTEM' }>
  | (Extract<StoredContent, { kind: 'SYSTEM' }> & { place: ContentPlace })
  | { kind: 'RECALLED'; recalledById: string | null }

export function contentOf(message: MessageRow): ReadContent {
  if (message.recalledAt) return { kind: 'RECALLED', recalledById: message.recalledById }
  return { kind: message.kind, content: message.content, place: message } as ReadContent
}

/** The content as one line, in the language of the client unless another one is given. */
export function plainText(
  ctx: Context,
  content: ReadContent,
  language = ctx.language,
): string | Promise<string> {
  if (content.kind === 'RECALLED') return labels[language].RECALLED
  return kindOf(content).plainText(content.content, ctx, language)
}
