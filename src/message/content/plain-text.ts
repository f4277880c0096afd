import type { Context } from '../../context.ts'
import type { MessageRow } from '../store.ts'
import { kindOf, type StoredContent } from './kinds/registry.ts'

/** Content as it is read: as stored, or recalled. */
export type ReadContent = StoredContent | { kind: 'RECALLED'; recalledById: string | null }

export function contentOf(message: MessageRow): ReadContent {
  if (message.recalledAt) return { kind: 'RECALLED', recalledById: message.recalledById }
  return { kind: message.kind, content: message.content } as StoredContent
}

/** The content as one line. */
export function plainText(ctx: Context, content: ReadContent): string | Promise<string> {
  if (content.kind === 'RECALLED') return 'Message recalled'
  return kindOf(content).plainText(content.content, ctx)
}
