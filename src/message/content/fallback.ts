import type { Context } from '../../context.ts'
import { systemEvents } from '../../conversation/system-message.ts'
import { kindOf, kinds } from './kinds/registry.ts'
import { plainText, type ReadContent } from './plain-text.ts'

/** Converts content that the client's schema version lacks to a line of text in a kind that it has. */
export function contentFor(ctx: Context, content: ReadContent): ReadContent | Promise<ReadContent> {
  const { schemaVersion } = ctx
  if (schemaVersion === null || sinceOf(content) <= schemaVersion) return content
  return asLine(ctx, content, schemaVersion)
}

function sinceOf(content: ReadContent): number {
  if (content.kind === 'RECALLED') return 1
  return content.kind === 'SYSTEM' ? eventSince(content.content.event) : kindOf(content).since
}

/** The schema version that added an event. */
export function eventSince(event: keyof typeof systemEvents): number {
  const definition: { description: string; since?: number } = systemEvents[event]
  return definition.since ?? kinds.SYSTEM.since
}

async function asLine(ctx: Context, content: ReadContent, schemaVersion: number): Promise<ReadContent> {
  const line = await plainText(ctx, content)
  if (schemaVersion < kinds.CUSTOM.since) return { kind: 'TEXT', content: { body: line } }
  return { kind: 'CUSTOM', content: { custom_type: content.kind, data: {}, fallback_text: line } }
}
