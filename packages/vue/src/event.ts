import type { Events } from '@parlance/client'
import { onScopeDispose } from 'vue'
import { useParlance } from './provide.ts'

/** Calls the listener at each event, such as `message`, while the component is mounted. */
export function useParlanceEvent<Name extends keyof Events>(
  name: Name,
  listener: (event: Events[Name]) => void,
): void {
  onScopeDispose(useParlance().on(name, listener))
}
