import {
  AcceptFriendRequest,
  CancelFriendRequest,
  DeclineFriendRequest,
  RequestFriend,
} from '../generated/documents.ts'
import type { Perform } from '../transport/perform.ts'

export interface FriendActions {
  /** Asks a user to become a friend. If there is a request by that user, it is accepted. */
  requestFriend(userId: string, note?: string): Promise<void>
  answerFriendRequest(id: string, answer: 'accept' | 'decline' | 'cancel'): Promise<void>
}

const answers = { accept: AcceptFriendRequest, decline: DeclineFriendRequest, cancel: CancelFriendRequest }

/** The events of a change bring it to all devices, this one included. */
export const friendActions = (perform: Perform): FriendActions => ({
  async requestFriend(userId, note) {
    await perform(RequestFriend, { input: { userId, note } })
  },
  async answerFriendRequest(friendRequestId, answer) {
    await perform<unknown, { input: { friendRequestId: string } }>(answers[answer], {
      input: { friendRequestId },
    })
  },
})
