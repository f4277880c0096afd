import { UserType } from '../../account/refs.ts'
import { loadUser } from '../../account/store.ts'
import { GroupConversationType } from '../../conversation/refs.ts'
import { readConversation } from '../../conversation/store.ts'
import { notFound } from '../../errors.ts'
import { builder } from '../../platform/graphql/builder.ts'
import { defineConnection, pageArgs } from '../../platform/graphql/connection.ts'
import { postAnnouncement } from './post.ts'
import { type AnnouncementRow, listAnnouncements, loadAnnouncement } from './store.ts'

const AnnouncementType = builder.objectRef<AnnouncementRow>('Announcement').implement({
  description: 'What an owner or admin wants all in a group to know.',
  fields: (t) => ({
    id: t.exposeID('id', { shareable: true, description: 'Of this announcement; the next one has another.' }),
    group: t.field({
      type: GroupConversationType,
      shareable: true,
      description: 'Where it was posted.',
      resolve: (announcement, _args, ctx) => readConversation(ctx, announcement.conversationId),
    }),
    text: t.exposeString('text', { shareable: true, description: 'What it says.' }),
    author: t.field({
      type: UserType,
      shareable: true,
      description: 'Who posted it.',
      resolve: async (announcement, _args, ctx) => {
        const author = await loadUser(ctx, announcement.authorId)
        if (!author) throw notFound('user')
        return author
      },
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      shareable: true,
      description: 'When it was posted: the sentAt of the system message that tells of it.',
    }),
  }),
})

const AnnouncementConnection = defineConnection('Announcement', () => AnnouncementType, 'announcements')

builder.objectFields(GroupConversationType, (t) => ({
  announcement: t.field({
    type: AnnouncementType,
    nullable: true,
    shareable: true,
    description:
      'The newest announcement, which holds for everybody in the group, whenever they joined; null when there is none.',
    resolve: (conversation, _args, ctx) => loadAnnouncement(ctx, conversation.id),
  }),
  announcements: t.field({
    type: AnnouncementConnection,
    description:
      'Announcements, the newest first: the one that holds, and of the earlier ones those of the history that is mine to read.',
    args: pageArgs,
    resolve: (conversation, args, ctx) => listAnnouncements(ctx, conversation.id, args),
  }),
}))

builder.mutationField('postAnnouncement', (t) =>
  t.field({
    type: AnnouncementType,
    description:
      'Announces something to all in a group: it becomes the announcement of the group, and a system message says so. For its owner and admins; others are refused with FORBIDDEN. NOT_FOUND, INVALID_INPUT for a text that is empty or over serverInfo.limits.announcementLength.',
    args: {
      groupId: t.arg.id({ required: true, description: 'The id of the group.' }),
      text: t.arg.string({
        required: true,
        description: 'What to announce, 1 to serverInfo.limits.announcementLength code points.',
      }),
    },
    resolve: (_root, args, ctx) => postAnnouncement(ctx, args.groupId, args.text),
  }),
)
