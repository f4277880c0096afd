import { type Signal, signal } from '../signal.ts'
import { fold } from './fold.ts'
import { type Action, emptyState, type State } from './state.ts'

export interface Store extends Signal<State> {
  apply(action: Action): void
  /** The state of another tab. */
  replace(state: State): void
  clear(): void
}

export function createStore(initial: State = emptyState): Store {
  const state = signal(initial)
  return {
    get: state.get,
    subscribe: state.subscribe,
    apply: (action) => state.set(fold(state.get(), action)),
    replace: state.set,
    // Answers that are still on their way belong to the state before.
    clear: () => state.set({ ...emptyState, tick: state.get().tick + 1, startedAt: state.get().tick + 1 }),
  }
}
