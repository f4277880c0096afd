import type { ConnectionState, Me, Parlance, SessionState } from '@parlance/client'
import type { ShallowRef } from 'vue'
import { useParlance } from './provide.ts'
import { useSignal } from './signal-ref.ts'

export interface UseSession extends Pick<Parlance, 'register' | 'login' | 'logout'> {
  session: Readonly<ShallowRef<SessionState>>
  /** null until the first screen is loaded. */
  me: Readonly<ShallowRef<Me | null>>
}

/** The session and the viewer. */
export function useSession(): UseSession {
  const { session, me, register, login, logout } = useParlance()
  return { session: useSignal(session), me: useSignal(me), register, login, logout }
}

/** The state of the connection. */
export const useConnection = (): Readonly<ShallowRef<ConnectionState>> => useSignal(useParlance().connection)
