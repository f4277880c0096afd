import { Suspense, useMemo, useState, useSyncExternalStore } from 'react'
import { RelayEnvironmentProvider } from 'react-relay'
import { Chats } from './chats.tsx'
import { createEnvironment, session } from './parlance.ts'
import { SignIn } from './sign-in.tsx'

export function App() {
  const { status } = useSyncExternalStore(session.state.subscribe, session.state.get)
  return status === 'signedIn' ? <SignedIn /> : <SignIn />
}

function SignedIn() {
  const [starts, setStarts] = useState(0)
  const [open, setOpen] = useState<string | null>(null)
  return <Store key={starts} open={open} onOpen={setOpen} onEnd={() => setStarts((count) => count + 1)} />
}

/** Each user has a store, and after the end of a subscription another one, in which nothing is older than the next. */
function Store(props: { open: string | null; onOpen: (id: string) => void; onEnd: () => void }) {
  const environment = useMemo(createEnvironment, [])
  return (
    <RelayEnvironmentProvider environment={environment}>
      <Suspense fallback="Loading…">
        <Chats {...props} />
      </Suspense>
    </RelayEnvironmentProvider>
  )
}
