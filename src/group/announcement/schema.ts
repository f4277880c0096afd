import { UserType } from '../../account/refs.ts'
import { namedUser } from '../../account/store.ts'
import { groupField } from '../../conversation/payload.ts'
import { GroupConversationType } from '../../conversation/refs.ts'
import { findConversation, membershipOf } from '../../conversation/store.ts'
import { builder } from '../../platform/graphql/builder.ts'
import { defineConnection, pageArgs } from '../../platform/graphql/connection.ts'
import { defineMutation, inputOf } from '../../platform/graphql/mutation.ts'
import { defineRowNode, NodeInterface } from '../../platform/graphql/node.ts'
import { AnnouncementType } from '../refs.ts'
import { postAnnouncement } from './post.ts'
import { listAnnouncements, loadAnnouncement, readAnnouncement } from './store.ts'

AnnouncementType.implement({
  description: 'A text that owner or admins publish to a group. The newest one is current.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    id: t.exposeID('id', { shareable: true, description: 'Id of the announcement.' }),
    group: t.field({
      type: GroupConversationType,
      shareable: true,
      nullable: true,
      description: 'Group of the announcement; null if the viewer has left it meanwhile.',
      resolve: (announcement, _args, ctx) => findConversation(ctx, announcement.conversationId),
    }),
    text: t.exposeString('text', { shareable: true, description: 'Text of the announcement.' }),
    author: t.field({
      type: UserType,
      shareable: true,
      description: 'Author of the announcement.',
      resolve: ({ authorId }, _args, ctx) => namedUser(ctx, authorId),
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      shareable: true,
      description: 'When it was posted; equals sentAt of its system message.',
    }),
  }),
})

defineRowNode('announcement', { type: AnnouncementType.name, read: readAnnouncement })

const AnnouncementConnection = defineConnection('Announcement', () => AnnouncementType, 'announcements')

builder.objectFields(GroupConversationType, (t) => ({
  announcement: t.field({
    type: AnnouncementType,
    nullable: true,
    shareable: true,
    description:
      'Current announcement, visible to all members whenever they joined; null when there is none.',
    resolve: (conversation, _args, ctx) => loadAnnouncement(ctx, conversation.id),
  }),
  announcements: t.field({
    type: AnnouncementConnection,
    description:
      'Announcements, newest first: the current one, and the earlier ones within the history that the viewer may read.',
    args: pageArgs,
    resolve: (conversation, args, ctx) => listAnnouncements(ctx, membershipOf(conversation), args),
  }),
}))

defineMutation('postAnnouncement', {
  description:
    'Posts an announcement, which becomes the current one of the group; a system message reports it. Only for owner and admins, else FORBIDDEN. Errors: NOT_FOUND; INVALID_INPUT for a text that is empty or longer than serverInfo.limits.announcementLength.',
  errors: ['FORBIDDEN', 'NOT_FOUND', 'INVALID_INPUT'],
  input: inputOf('postAnnouncement', (t) => ({
    groupId: t.id({ required: true, description: 'Id of the group.' }),
    text: t.string({
      required: true,
      description: 'Text of the announcement, 1 to serverInfo.limits.announcementLength code points.',
    }),
  })),
  resolve: (input, ctx) => postAnnouncement(ctx, input.groupId, input.text),
  payload: (t) => ({
    announcement: t.field({
      type: AnnouncementType,
      description: 'The new announcement.',
      resolve: (announcement) => announcement,
    }),
    conversation: groupField(t),
  }),
})
