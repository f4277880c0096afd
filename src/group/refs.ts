import type { MembershipRow } from '../conversation/store.ts'
import { builder } from '../platform/graphql/builder.ts'

/** What the members of a group see of one of them. */
export const GroupMemberType = builder.objectRef<MembershipRow>('GroupMember')
