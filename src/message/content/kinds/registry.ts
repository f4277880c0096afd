import { customKind } from './custom.ts'
import type { Kind } from './definition.ts'
import { forwardKind } from './forward.ts'
import { audioKind, fileKind, imageKind, videoKind } from './media.ts'
import { richTextKind } from './rich-text.ts'
import { systemKind } from './system.ts'
import { textKind } from './text.ts'

/**
 * Every content kind. A new kind also needs a value of `MessageKind` in prisma/schema.prisma, a GraphQL type beside
 * `../schema.ts` and, if users can send it, an input (`../read.ts`, `../../inputs.ts`).
 */
export const kinds = {
  TEXT: textKind,
  RICH_TEXT: richTextKind,
  IMAGE: imageKind,
  FILE: fileKind,
  VIDEO: videoKind,
  AUDIO: audioKind,
  FORWARD: forwardKind,
  CUSTOM: customKind,
  SYSTEM: systemKind,
}

type Kinds = typeof kinds

type ContentOf<Name extends keyof Kinds> = Kinds[Name] extends Kind<infer Content, never> ? Content : never

/** Content as it is stored; docs/protocol.md lists the shapes. */
export type StoredContent = { [Name in keyof Kinds]: { kind: Name; content: ContentOf<Name> } }[keyof Kinds]

/** The kind of stored content, typed for that content. */
export const kindOf = (stored: { kind: string }) => kinds[stored.kind as keyof Kinds] as Kind<object, unknown>
