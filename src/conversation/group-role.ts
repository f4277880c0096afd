import { builder } from '../platform/graphql/builder.ts'

export const GroupRole = builder.enumType('GroupRole', {
  description: 'Role of a member in a group.',
  values: {
    OWNER: {
      description:
        'May do everything; only the owner changes roles, transfers and dissolves the group. There is exactly one.',
    },
    ADMIN: { description: 'May change the group, and add and remove members.' },
    MEMBER: { description: 'May read and send.' },
  } as const,
})
