import { meField } from '../../account/payload.ts'
import type { PayloadFields } from '../../platform/graphql/mutation.ts'
import { conversationField } from '../payload.ts'
import { MembershipType } from '../refs.ts'
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
