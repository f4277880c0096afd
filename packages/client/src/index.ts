export { createParlance } from './create-parlance.ts'
export { type ErrorCode, type Issue, isParlanceError, type ParlanceError } from './errors.ts'
export type { Document } from './generated/documents.ts'
export type { Pending, Upload } from './outbox/item.ts'
export type { Sending } from './outbox/sender.ts'
export type { Parlance, ParlanceOptions } from './parlance.ts'
export type { SessionState } from './session/session.ts'
export type { KeyValueStorage } from './session/storage.ts'
export { memoryStorage } from './session/storage.ts'
export type { Signal } from './signal.ts'
export type {
  Friend,
  FriendRequest,
  JoinRequest,
  Me,
  Message,
  Person,
  Position,
} from './store/state.ts'
export type { Conversation, FriendRequests, History } from './store/views.ts'
export type { ConnectionState } from './transport/socket.ts'
export type { Content, ConversationView, Messages } from './view/conversation.ts'
export type { Events } from './view/emitter.ts'
export type { Media, MediaView } from './view/media.ts'
export type { Member, MemberList } from './view/members.ts'
export type { PresenceById, PresenceOf } from './view/presence.ts'
