import { meField } from '../../account/payload.ts'
import type { PayloadFields } from '../../platform/graphql/mutation.ts'
import { conversationField } from '../payload.ts'
import { GroupMemberType, MembershipType } from '../refs.ts'
import type { MembershipRow } from '../store.ts'

/** Payload of a change of the viewer's membership. */
export const membershipPayload = (t: PayloadFields<MembershipRow>) => ({
  membership: t.field({
    type: MembershipType,
    description: "The viewer's membership after the change.",
    resolve: (membership) => membership,
  }),
  conversation: conversationField(t),
  me: meField(t),
})

/** Payload of a change that other members may see. */
export const changedMembershipPayload = (t: PayloadFields<MembershipRow>) => ({
  ...membershipPayload(t),
  member: t.field({
    type: GroupMemberType,
    nullable: true,
    description: 'The viewer as a member of the group; null for a direct conversation.',
    resolve: (membership) => (membership.role === null ? null : membership),
  }),
})
