import type { Context, Services } from '../../../context.ts'
import type { MessageKind } from '../../../platform/db/generated/enums.ts'
import type { Language } from '../../../platform/language/spoken.ts'

/** Functions of the kinds for content that contains other content. */
export interface Nested {
  searchText(content: AnyContent): string | null
  mediaIds(content: AnyContent): string[]
}

export interface AnyContent {
  kind: MessageKind
  content: object
}

/** The context of validation. */
export type WritingRules = Pick<Services, 'config' | 'messages'>

/** A content kind: its validation and its text forms. */
export interface Kind<Content extends object, Input = never> {
  /** Describes its value of the GraphQL enum MessageKind. */
  description: string
  /** The GraphQL type. */
  typeName: string
  /** The schema version that introduced the kind; older clients get the plain text. */
  since: number
  /** Validates and normalises the input; INVALID_INPUT names the field and the limit. Absent if users cannot send the kind. */
  read?(input: Input, rules: WritingRules, path: string): Content
  /** The content as one line. */
  plainText(content: Content, ctx: Context, language: Language): string | Promise<string>
  /** The text for search; null if there is none. */
  searchText(content: Content, nested: Nested): string | null
  /** The mentioned user ids; null is a mention of all. */
  mentions?(content: Content): (string | null)[]
  /** The content without mentions; absent if the kind has none. */
  withoutMentions?(content: Content): Content
  /** The ids of the attached media items. */
  mediaIds?(content: Content, nested: Nested): string[]
}

/** The text on one line, for lists and notifications. */
export function oneLine(body: string): string {
  return body.replace(/\s+/gu, ' ').trim()
}
