import { Suspense, useMemo, useSyncExternalStore } from 'react'
import { RelayEnvironmentProvider } from 'react-relay'
import { Chats } from './chats.tsx'
import { createEnvironment, session } from './parlance.ts'
import { SignIn } from './sign-in.tsx'

export function App() {
  const { status } = useSyncExternalStore(session.state.subscribe, session.state.get)
  return status === 'signedIn' ? <SignedIn /> : <SignIn />
}

/** Each user has a store. */
function SignedIn() {
  const environment = useMemo(createEnvironment, [])
  return (
    <RelayEnvironmentProvider environment={environment}>
      <Suspense fallback="Loading…">
        <Chats />
      </Suspense>
    </RelayEnvironmentProvider>
  )
}
