import {
  AcceptFriendRequest,
  CancelFriendRequest,
  DeclineFriendRequest,
  RequestFriend,
} from '../generated/documents.ts'
import type { FriendRequest } from '../store/state.ts'
import type { Store } from '../store/store.ts'
import type { Perform } from '../transport/perform.ts'

export interface FriendActions {
  /** Asks a user to become a friend. If there is a request by that user, it is accepted. */
  requestFriend(userId: string, note?: string): Promise<void>
  answerFriendRequest(id: string, answer: 'accept' | 'decline' | 'cancel'): Promise<void>
}

export function friendActions(store: Store, perform: Perform): FriendActions {
  async function keep(answer: Promise<{ friendRequest: FriendRequest } | null | undefined>): Promise<void> {
    const { tick } = store.get()
    const payload = await answer
    if (payload) store.apply({ type: 'people', since: tick, friendRequests: [payload.friendRequest] })
  }
  return {
    requestFriend: (userId, note) =>
      keep(perform(RequestFriend, { input: { userId, note } }).then((data) => data.requestFriend)),
    answerFriendRequest(friendRequestId, answer) {
      const given = { input: { friendRequestId } }
      if (answer === 'accept')
        return keep(perform(AcceptFriendRequest, given).then((data) => data.acceptFriendRequest))
      if (answer === 'decline')
        return keep(perform(DeclineFriendRequest, given).then((data) => data.declineFriendRequest))
      return keep(perform(CancelFriendRequest, given).then((data) => data.cancelFriendRequest))
    },
  }
}
