import { UserType } from '../../account/refs.ts'
import { loadUser } from '../../account/store.ts'
import { builder } from '../../platform/graphql/builder.ts'
import { itemsInMessage } from '../../platform/graphql/cost/declare.ts'
import { kindOf, kinds } from './kinds/registry.ts'
import { partText, type RichTextBody, type RichTextPart } from './kinds/rich-text.ts'
import type { TextBody } from './kinds/text.ts'
import { plainText, type ReadContent } from './plain-text.ts'

type Read<Kind extends ReadContent['kind']> = Extract<ReadContent, { kind: Kind }>

export const MessageContentInterface = builder.interfaceRef<ReadContent>('MessageContent').implement({
  description:
    'Content of a message. Every kind has plainText, which a client can show if it does not know the kind.',
  resolveType: (content) => (content.kind === 'RECALLED' ? 'RecalledContent' : kindOf(content).typeName),
  fields: (t) => ({
    plainText: t.string({
      shareable: true,
      description:
        'The content as one line, in the language of the request, for lists, notifications and clients that do not know its kind.',
      resolve: (content, _args, ctx) => plainText(ctx, content),
    }),
  }),
})

builder.objectRef<Read<'TEXT'>>(kinds.TEXT.typeName).implement({
  description: 'Plain text.',
  interfaces: [MessageContentInterface],
  fields: (t) => ({
    text: t.string({
      shareable: true,
      description: 'The text, in Unicode normal form C.',
      resolve: ({ content }: { content: TextBody }) => content.body,
    }),
  }),
})

const RichTextPartInterface = builder.interfaceRef<RichTextPart>('RichTextPart').implement({
  description: 'Part of a rich text. The texts of all parts in order are the whole text.',
  resolveType: (part) => (part.type === 'text' ? 'TextPart' : 'MentionPart'),
  fields: (t) => ({
    text: t.string({ shareable: true, description: 'Text of the part.', resolve: partText }),
  }),
})

builder.objectRef<RichTextPart>('TextPart').implement({
  description: 'Plain text within rich text.',
  interfaces: [RichTextPartInterface],
})

const mentionedId = (part: RichTextPart) => ('user_id' in part ? part.user_id : null)

builder.objectRef<RichTextPart>('MentionPart').implement({
  description: 'Mention of a user or of all members. Its text is what the sender saw, such as @张经理.',
  interfaces: [RichTextPartInterface],
  fields: (t) => ({
    user: t.field({
      type: UserType,
      nullable: true,
      shareable: true,
      description: 'The mentioned user; null if `all` is true or the account was deleted.',
      resolve: async (part, _args, ctx) => {
        const userId = mentionedId(part)
        const user = userId === null ? null : await loadUser(ctx, userId)
        return user?.deletedAt ? null : user
      },
    }),
    all: t.boolean({
      shareable: true,
      description: 'Whether all members are mentioned.',
      resolve: (part) => mentionedId(part) === null,
    }),
  }),
})

builder.objectRef<Read<'RICH_TEXT'>>(kinds.RICH_TEXT.typeName).implement({
  description: 'Text with mentions.',
  interfaces: [MessageContentInterface],
  fields: (t) => ({
    parts: t.field({
      type: [RichTextPartInterface],
      items: itemsInMessage,
      shareable: true,
      description: 'The parts in order.',
      resolve: ({ content }: { content: RichTextBody }) => content.parts,
    }),
  }),
})

builder.objectRef<Read<'RECALLED'>>('RecalledContent').implement({
  description: 'Content of a recalled message. Nothing of the original remains.',
  interfaces: [MessageContentInterface],
  fields: (t) => ({
    recalledBy: t.field({
      type: UserType,
      nullable: true,
      shareable: true,
      description: 'Who recalled the message: the sender, an admin of the group, or a moderator.',
      resolve: ({ recalledById }, _args, ctx) => (recalledById ? loadUser(ctx, recalledById) : null),
    }),
  }),
})
