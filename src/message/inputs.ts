import { builder } from '../platform/graphql/builder.ts'

const MentionInput = builder.inputType('MentionInput', {
  description: 'A mention of one person.',
  fields: (t) => ({
    userId: t.id({ required: true, description: 'Who is mentioned; must be in the conversation.' }),
    displayText: t.string({
      required: true,
      description: 'What to show, such as @张经理; 1 to 128 code points.',
    }),
  }),
})

const MentionAllInput = builder.inputType('MentionAllInput', {
  description: 'A mention of everybody in the conversation.',
  fields: (t) => ({
    displayText: t.string({
      required: true,
      description: 'What to show, such as @全体成员; 1 to 128 code points.',
    }),
  }),
})

const RichTextPartInput = builder.inputType('RichTextPartInput', {
  description: 'A piece of rich text: exactly one of these.',
  isOneOf: true,
  fields: (t) => ({
    text: t.string({ description: 'Plain text.' }),
    mention: t.field({ type: MentionInput, description: 'One person.' }),
    mentionAll: t.field({ type: MentionAllInput, description: 'Everybody.' }),
  }),
})

const RichTextInput = builder.inputType('RichTextInput', {
  description: 'Text with mentions.',
  fields: (t) => ({
    parts: t.field({
      type: [RichTextPartInput],
      required: true,
      description: 'The pieces in order, 1 to 200; together as long as one text may be.',
    }),
  }),
})

const MediaContentInput = builder.inputType('MediaContentInput', {
  description: 'Something that was uploaded, with what is said of it.',
  fields: (t) => ({
    mediaId: t.id({
      required: true,
      description: 'An upload of mine that is complete; it may still be PROCESSING.',
    }),
    caption: t.string({
      description: 'What to say of it, at most serverInfo.limits.textLength code points.',
    }),
  }),
})

const CustomContentInput = builder.inputType('CustomContentInput', {
  description: "A message of an application's own kind.",
  fields: (t) => ({
    type: t.string({
      required: true,
      description:
        'Which of the kinds it is: 1 to 64 letters, digits, dots, dashes, underscores, slashes and colons.',
    }),
    data: t.field({
      type: 'JSONObject',
      required: true,
      description:
        'What the application makes of it, at most 16 KiB and 32 levels; of a type in serverInfo.messageKinds, what its schema says.',
    }),
    fallbackText: t.string({
      required: true,
      description:
        'What to show where the type is not known, at most serverInfo.limits.textLength code points.',
    }),
  }),
})

const MessageContentInput = builder.inputType('MessageContentInput', {
  description: 'What to send: exactly one of these.',
  isOneOf: true,
  fields: (t) => ({
    text: t.string({ description: 'Plain text, at most serverInfo.limits.textLength code points.' }),
    richText: t.field({ type: RichTextInput, description: 'Text with mentions.' }),
    image: t.field({ type: MediaContentInput, description: 'A picture.' }),
    file: t.field({ type: MediaContentInput, description: 'A file; anything may be sent as one.' }),
    video: t.field({ type: MediaContentInput, description: 'A video.' }),
    audio: t.field({ type: MediaContentInput, description: 'A voice message or other sound.' }),
    custom: t.field({ type: CustomContentInput, description: "A message of an application's own kind." }),
  }),
})

export const EditContentInput = builder.inputType('EditContentInput', {
  description: 'What the message shall say instead: exactly one of these.',
  isOneOf: true,
  fields: (t) => ({
    text: t.string({ description: 'Plain text, at most serverInfo.limits.textLength code points.' }),
    richText: t.field({ type: RichTextInput, description: 'Text with mentions.' }),
  }),
})

export const SendMessageInput = builder.inputType('SendMessageInput', {
  description: 'A message to send.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'Where to.' }),
    clientMessageId: t.string({
      required: true,
      description: 'Chosen by the client, 1 to 64 printable ASCII characters; a UUID serves well.',
    }),
    content: t.field({ type: MessageContentInput, required: true, description: 'What to say.' }),
    quoteSeq: t.int({
      description: 'The number of the message this one answers to, in the same conversation.',
    }),
  }),
})

export const ConversationVersionInput = builder.inputType('ConversationVersionInput', {
  description: 'How far a client has come in one conversation.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'Which conversation.' }),
    afterVersion: t.int({ required: true, description: 'The version the client holds; 0 for nothing yet.' }),
  }),
})
