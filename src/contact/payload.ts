import { meField, userField } from '../account/payload.ts'
import { directField } from '../conversation/payload.ts'
import type { PayloadFields } from '../platform/graphql/mutation.ts'

/** Payload of a change between the viewer and another user. */
export const pairPayload = (t: PayloadFields<{ userId: string }>) => ({
  user: userField(t),
  conversation: directField(t),
  me: meField(t),
})
