import { avatarUrl } from '../../account/avatar.ts'
import { builder } from '../../platform/graphql/builder.ts'
import { JoinPolicy } from '../objects.ts'
import type { GroupPreviewRow } from '../store.ts'

export const GroupPreviewType = builder.objectRef<GroupPreviewRow>('GroupPreview').implement({
  description: 'What holders of an invite and users with a join request see of a group.',
  fields: (t) => ({
    conversationId: t.exposeID('conversationId', {
      description: 'Id of the group; its conversation is readable for members only.',
    }),
    name: t.exposeString('name', { description: 'Name of the group.' }),
    avatarUrl: t.field({
      type: 'URL',
      nullable: true,
      description: 'Avatar of the group; null when there is none.',
      resolve: (group, _args, ctx) => avatarUrl(ctx, group.avatarKey),
    }),
    memberCount: t.exposeInt('memberCount', { description: 'Number of members.' }),
    joinPolicy: t.expose('joinPolicy', {
      type: JoinPolicy,
      description: 'How users join without an invite.',
    }),
  }),
})
