import type { Context } from '../../context.ts'
import { kindOf, kinds } from './kinds/registry.ts'
import { plainText, type ReadContent } from './plain-text.ts'

/** Converts content that the client's schema version lacks to a line of text in a kind that it has. */
export function contentFor(ctx: Context, content: ReadContent): ReadContent | Promise<ReadContent> {
  const { schemaVersion } = ctx
  if (schemaVersion === null || sinceOf(content) <= schemaVersion) return content
  return asLine(ctx, content, schemaVersion)
}

const sinceOf = (content: ReadContent) => (content.kind === 'RECALLED' ? 1 : kindOf(content).since)

async function asLine(ctx: Context, content: ReadContent, schemaVersion: number): Promise<ReadContent> {
  const line = await plainText(ctx, content)
  if (schemaVersion < kinds.CUSTOM.since) return { kind: 'TEXT', content: { body: line } }
  return { kind: 'CUSTOM', content: { custom_type: content.kind, data: {}, fallback_text: line } }
}
