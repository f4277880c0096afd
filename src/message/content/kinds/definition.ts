import type { Context, Services } from '../../../context.ts'
import type { MessageKind } from '../../../platform/db/generated/enums.ts'

/** What content may ask of the kinds of other content that it holds. */
export interface Nested {
  searchText(content: AnyContent): string | null
  mediaIds(content: AnyContent): string[]
}

export interface AnyContent {
  kind: MessageKind
  content: object
}

/** What decides whether something may be written. */
export type WritingRules = Pick<Services, 'config' | 'messages'>

/** A kind of content: how it is written, and what it is when there is room for text only. */
export interface Kind<Content extends object, Input = never> {
  /** Describes its value of the GraphQL enum MessageKind. */
  description: string
  /** The GraphQL type that shows it. */
  typeName: string
  /** The schema version that it came with; older clients get its plain text. */
  since: number
  /** Checks and normalises what somebody wrote; INVALID_INPUT names the part and the limit. Absent where nobody writes it. */
  read?(input: Input, rules: WritingRules, path: string): Content
  /** One line that stands for it. */
  plainText(content: Content, ctx: Context): string | Promise<string>
  /** The text that it is found by; null when there is nothing to find. */
  searchText(content: Content, nested: Nested): string | null
  /** Whom it mentions; null is everybody. */
  mentions?(content: Content): (string | null)[]
  /** The same without calling anybody; absent where it never does. */
  withoutMentions?(content: Content): Content
  /** The uploads that it shows. */
  mediaIds?(content: Content, nested: Nested): string[]
}

/** Content on one line, for lists and notices. */
export function oneLine(body: string): string {
  return body.replace(/\s+/gu, ' ').trim()
}
