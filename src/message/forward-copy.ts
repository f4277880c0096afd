import type { Config } from '../config.ts'
import { refuse } from '../errors.ts'
import { type Forwardable, forwardDepth, snapshotOf } from './content/forward.ts'
import type { AnyContent } from './content/kind.ts'
import { kindOf } from './content/kinds.ts'
import { searchText } from './content.ts'
import type { ForwardedFrom } from './forward-source.ts'

/** One message that holds the others as they are now. */
export function mergedCopy({ source, messages }: ForwardedFrom, { limits }: Config): AnyContent {
  const depth = 1 + Math.max(...messages.map(forwardDepth))
  if (depth > limits.forwardDepth)
    throw refuse('LIMIT_EXCEEDED', `Forwards lie in each other ${limits.forwardDepth} deep at most.`, {
      limit: limits.forwardDepth,
    })
  const content = snapshotOf(messages, source, saidIn(source.title, messages))
  if (Buffer.byteLength(JSON.stringify(content)) > limits.forwardBytes)
    throw refuse('LIMIT_EXCEEDED', `What is forwarded as one has at most ${limits.forwardBytes} bytes.`, {
      limit: limits.forwardBytes,
    })
  return { kind: 'FORWARD', content }
}

const saidIn = (title: string, messages: Forwardable[]) =>
  [title, ...messages.flatMap((message) => [message.senderName, searchText(message) ?? ''])].join('\n')

/** The content by itself. It says what it said, but calls nobody: they may not even be here. */
export function separateCopy({ kind, content }: AnyContent): AnyContent {
  return { kind, content: kindOf({ kind }).withoutMentions?.(content) ?? content }
}
