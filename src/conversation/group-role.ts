import { builder } from '../platform/graphql/builder.ts'

export const GroupRole = builder.enumType('GroupRole', {
  description: 'What a member may do in a group.',
  values: {
    OWNER: { description: 'Everything, and alone: roles, transfer and dissolving. There is exactly one.' },
    ADMIN: { description: 'Changes the group, and adds and removes members.' },
    MEMBER: { description: 'Reads and sends.' },
  } as const,
})
