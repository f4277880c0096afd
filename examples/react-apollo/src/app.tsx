import { useSyncExternalStore } from 'react'
import { Chats } from './chats.tsx'
import { session } from './parlance.ts'
import { SignIn } from './sign-in.tsx'

export function App() {
  const { status } = useSyncExternalStore(session.state.subscribe, session.state.get)
  return status === 'signedIn' ? <Chats /> : <SignIn />
}
