import { builder } from '../platform/graphql/builder.ts'
import type { FriendRequestRow } from './request/store.ts'
import type { FriendshipRow } from './store.ts'

export const FriendshipType = builder.objectRef<FriendshipRow>('Friendship')
export const FriendRequestType = builder.objectRef<FriendRequestRow>('FriendRequest')
