import type { Config } from '../../config.ts'
import type { Context } from '../../context.ts'
import { refuse } from '../../errors.ts'
import type { Sql } from '../../platform/db/sql.ts'
import type { AnyContent } from '../content/kinds/definition.ts'
import { type Forwardable, forwardDepth, snapshotOf } from '../content/kinds/forward.ts'
import { kindOf } from '../content/kinds/registry.ts'
import { searchText } from '../content/read.ts'
import type { ForwardMessagesInput, PlannedMessage } from './plan.ts'
import { type ForwardedFrom, readForwarded } from './source.ts'

/** One message that contains the others as they are now. */
function mergedCopy({ source, messages }: ForwardedFrom, { limits }: Config): AnyContent {
  const depth = 1 + Math.max(...messages.map(forwardDepth))
  if (depth > limits.forwardDepth)
    throw refuse('LIMIT_EXCEEDED', `Forwards can be nested at most ${limits.forwardDepth} deep.`, {
      limit: limits.forwardDepth,
    })
  const content = snapshotOf(messages, source, textsOf(source.title, messages))
  if (Buffer.byteLength(JSON.stringify(content)) > limits.forwardBytes)
    throw refuse('LIMIT_EXCEEDED', `A merged forward can have at most ${limits.forwardBytes} bytes.`, {
      limit: limits.forwardBytes,
    })
  return { kind: 'FORWARD', content }
}

const textsOf = (title: string, messages: Forwardable[]) =>
  [title, ...messages.flatMap((message) => [message.senderName, searchText(message) ?? ''])].join('\n')

/** The content without mentions: the mentioned users may not be members of the target. */
function separateCopy({ kind, content }: AnyContent): AnyContent {
  return { kind, content: kindOf({ kind }).withoutMentions?.(content) ?? content }
}

/** The content of each message of a forward. */
export type CopyOf = (planned: PlannedMessage) => AnyContent

/** The copies of the present messages. Requires the lock of the source conversation. */
export async function copiesOf(ctx: Context, sql: Sql, input: ForwardMessagesInput): Promise<CopyOf> {
  const from = await readForwarded(ctx, sql, input.sourceConversationId, input.seqs)
  if (input.mode === 'MERGED') {
    const merged = mergedCopy(from, ctx.config)
    return () => merged
  }
  const bySeq = new Map(from.messages.map((message) => [message.seq, separateCopy(message)]))
  return ({ seqs: [seq] }) => bySeq.get(seq as number) as AnyContent
}
