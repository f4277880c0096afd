import type { ConnectionState, Me, Parlance, SessionState } from '@parlance/client'
import { useParlance } from '../context.ts'
import { useSignal } from './signal.ts'

export interface UseSession extends Pick<Parlance, 'register' | 'login' | 'logout'> {
  session: SessionState
  /** null until the first screen is loaded. */
  me: Me | null
}

/** The session and the viewer. */
export function useSession(): UseSession {
  const { session, me, register, login, logout } = useParlance()
  return { session: useSignal(session), me: useSignal(me), register, login, logout }
}

/** The state of the connection. */
export const useConnection = (): ConnectionState => useSignal(useParlance().connection)
