export { fold } from './fold.ts'
export { messageAt } from './messages.ts'
export {
  type Action,
  type Entry,
  type Event,
  emptyState,
  type Me,
  type Message,
  type Person,
  type State,
} from './state.ts'
export { createStore, type Store } from './store.ts'
export {
  type Conversation,
  conversationOf,
  conversationsOf,
  type History,
  historyOf,
  receiptsOf,
  unreadTotalOf,
} from './views.ts'
