import { UserType } from '../../../account/refs.ts'
import { loadUser } from '../../../account/store.ts'
import { GroupRole } from '../../../conversation/group-role.ts'
import { builder } from '../../../platform/graphql/builder.ts'
import type { Change } from './change.ts'

export const MemberJoinType = builder.objectRef<Change<'MEMBER_JOINED'>>('MemberJoin').implement({
  description: 'How a user joined the group.',
  fields: (t) => ({
    via: t.expose('via', {
      type: builder.enumType('JoinMethod', {
        description: 'How a user joined a group.',
        values: {
          INVITE: { description: 'With an invite.' },
          APPROVAL: { description: 'By a join request that was approved.' },
          OPEN: { description: 'Without either, because the join policy was OPEN.' },
        } as const,
      }),
      shareable: true,
      description: 'How the user joined.',
    }),
    inviter: t.field({
      type: UserType,
      nullable: true,
      shareable: true,
      description: 'The user who created the invite; null unless `via` is INVITE.',
      resolve: ({ inviter_id }, _args, ctx) => (inviter_id ? loadUser(ctx, inviter_id) : null),
    }),
  }),
})

export const RoleChangeType = builder.objectRef<Change<'ROLE_CHANGED'>>('RoleChange').implement({
  description: 'The role of a member before and after a change.',
  fields: (t) => ({
    oldRole: t.expose('from', { type: GroupRole, shareable: true, description: 'Role before the change.' }),
    newRole: t.expose('to', { type: GroupRole, shareable: true, description: 'Role after the change.' }),
  }),
})
