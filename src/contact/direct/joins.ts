import { loadUser, type UserRow, userFields } from '../../account/store.ts'
import { peerOf } from '../../conversation/direct.ts'
import type { ConversationRow, MembershipRow } from '../../conversation/store.ts'
import { jsonRow } from '../../platform/db/json-row.ts'
import type { Join } from '../../platform/graphql/joins/declare.ts'
import { type FriendshipRow, friendshipFields, loadFriendship } from '../store.ts'

// The id of a direct conversation names both users.
const peerId = `case split_part(c.id, '_', 3) when m.user_id then split_part(c.id, '_', 2) else split_part(c.id, '_', 3) end`

const ofDirect = (query: string) => `case c.kind when 'DIRECT' then (${query}) end`

const user = jsonRow<UserRow>(userFields, {
  emailVerifiedAt: true,
  phoneVerifiedAt: true,
  createdAt: true,
  deletedAt: true,
})

/** The other user of a direct conversation. */
export const peerJoin: Join = {
  name: 'peer',
  sql: () => ofDirect(`select ${user.select('u')} from "user" u where u.id = ${peerId}`),
  take: (ctx, _conversation, json) => {
    const peer = json === null ? null : user.read(json)
    if (peer) loadUser.prime(ctx, peer.id, peer)
  },
}

const friendship = jsonRow<FriendshipRow>(friendshipFields, { createdAt: true })

/** The viewer's side of the friendship with the other user. */
export const friendshipJoin: Join = {
  name: 'friendship',
  sql: () =>
    ofDirect(
      `select ${friendship.select('f')} from friendship f where f.user_id = m.user_id and f.friend_id = ${peerId}`,
    ),
  take: (ctx, { id, membership }: ConversationRow & { membership: MembershipRow }, json) => {
    const { userId } = membership
    const peer = peerOf(id, userId)
    const found = json === null ? null : friendship.read(json)
    if (peer) loadFriendship.prime(ctx, { userId, peerId: peer }, found)
  },
}
