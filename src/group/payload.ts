import { groupField } from '../conversation/payload.ts'
import { GroupMemberType } from '../conversation/refs.ts'
import { loadMembership, type MembershipKey, type MembershipRow } from '../conversation/store.ts'
import type { PayloadFields } from '../platform/graphql/mutation.ts'
import { derivedId } from '../platform/graphql/node.ts'
import { lookUpExisting } from '../platform/loader.ts'

/** Id of a GroupMember, also of a former one. */
export const groupMemberId = ({ conversationId, userId }: MembershipKey) =>
  derivedId('member', conversationId, userId)

/** Payload of a change of one member. */
export const memberPayload = (t: PayloadFields<MembershipRow>) => ({
  member: t.field({
    type: GroupMemberType,
    description: 'The member after the change.',
    resolve: (member) => member,
  }),
  conversation: groupField(t),
})

interface OfMembers {
  conversationId: string
  userIds: string[]
}

export const membersField = <Result extends OfMembers>(t: PayloadFields<Result>) =>
  t.field({
    type: [GroupMemberType],
    items: 'groupAdditions',
    description: 'The members after the change.',
    resolve: ({ conversationId, userIds }, _args, ctx) => {
      const keys = [...new Set(userIds)].map((userId) => ({ conversationId, userId }))
      return lookUpExisting(keys, (key) => loadMembership(ctx, key))
    },
  })
