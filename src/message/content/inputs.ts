import { builder } from '../../platform/graphql/builder.ts'

const MentionInput = builder.inputType('MentionInput', {
  description: 'Mention of a user.',
  fields: (t) => ({
    userId: t.id({
      required: true,
      description: 'The mentioned user; must be a member of the conversation.',
    }),
    displayText: t.string({
      required: true,
      description: 'Text to show, such as @张经理; 1 to 128 code points.',
    }),
  }),
})

const MentionAllInput = builder.inputType('MentionAllInput', {
  description: 'Mention of all members of the conversation.',
  fields: (t) => ({
    displayText: t.string({
      required: true,
      description: 'Text to show, such as @全体成员; 1 to 128 code points.',
    }),
  }),
})

const RichTextPartInput = builder.inputType('RichTextPartInput', {
  description: 'Part of a rich text: exactly one field.',
  isOneOf: true,
  fields: (t) => ({
    text: t.string({ description: 'Plain text.' }),
    mention: t.field({ type: MentionInput, description: 'Mention of a user.' }),
    mentionAll: t.field({ type: MentionAllInput, description: 'Mention of all members.' }),
  }),
})

const RichTextInput = builder.inputType('RichTextInput', {
  description: 'Text with mentions.',
  fields: (t) => ({
    parts: t.field({
      type: [RichTextPartInput],
      required: true,
      description: 'The parts in order, 1 to 200; together at most serverInfo.limits.textLength code points.',
    }),
  }),
})

const MediaContentInput = builder.inputType('MediaContentInput', {
  description: 'A media item with an optional caption.',
  fields: (t) => ({
    mediaId: t.id({
      required: true,
      description: 'A completed upload of the viewer; it may still be PROCESSING.',
    }),
    caption: t.string({
      description: 'Caption, at most serverInfo.limits.textLength code points.',
    }),
  }),
})

const CustomContentInput = builder.inputType('CustomContentInput', {
  description: 'Custom message of the application.',
  fields: (t) => ({
    type: t.string({
      required: true,
      description:
        'Type of the custom message: 1 to 64 letters, digits, dots, dashes, underscores, slashes and colons.',
    }),
    data: t.field({
      type: 'JSONObject',
      required: true,
      description:
        'Data of the application, at most 16 KiB and 32 levels; it must match the schema of a type in serverInfo.messageKinds.',
    }),
    fallbackText: t.string({
      required: true,
      description:
        'Text to show in clients that do not know the type, at most serverInfo.limits.textLength code points.',
    }),
  }),
})

export const MessageContentInput = builder.inputType('MessageContentInput', {
  description: 'Content of a message: exactly one field.',
  isOneOf: true,
  fields: (t) => ({
    text: t.string({ description: 'Plain text, at most serverInfo.limits.textLength code points.' }),
    richText: t.field({ type: RichTextInput, description: 'Text with mentions.' }),
    image: t.field({ type: MediaContentInput, description: 'An image.' }),
    file: t.field({ type: MediaContentInput, description: 'A file of any type.' }),
    video: t.field({ type: MediaContentInput, description: 'A video.' }),
    audio: t.field({ type: MediaContentInput, description: 'Audio, such as a voice message.' }),
    custom: t.field({ type: CustomContentInput, description: 'Custom message of the application.' }),
  }),
})

export const EditContentInput = builder.inputType('EditContentInput', {
  description: 'New text of a message: exactly one field.',
  isOneOf: true,
  fields: (t) => ({
    text: t.string({ description: 'Plain text, at most serverInfo.limits.textLength code points.' }),
    richText: t.field({ type: RichTextInput, description: 'Text with mentions.' }),
  }),
})
