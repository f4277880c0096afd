import { avatarUrl } from '../../account/avatar.ts'
import { builder } from '../../platform/graphql/builder.ts'
import { JoinPolicy } from '../objects.ts'
import type { GroupPreviewRow } from '../store.ts'

export const GroupPreviewType = builder.objectRef<GroupPreviewRow>('GroupPreview').implement({
  description:
    'What somebody sees of a group who is not in it, but holds an invite or has asked to be let in.',
  fields: (t) => ({
    conversationId: t.exposeID('conversationId', {
      description: 'The id of the group; the conversation itself is for those who are in it.',
    }),
    name: t.exposeString('name', { description: 'What it is called.' }),
    avatarUrl: t.field({
      type: 'URL',
      nullable: true,
      description: 'Its picture; null when there is none.',
      resolve: (group, _args, ctx) => avatarUrl(ctx, group.avatarKey),
    }),
    memberCount: t.exposeInt('memberCount', { description: 'How many are in it.' }),
    joinPolicy: t.expose('joinPolicy', { type: JoinPolicy, description: 'How people get in.' }),
  }),
})
