import { useConversations, useSession } from '@parlance/react'
import { useState } from 'react'
import { Chat } from './chat.tsx'
import { SignIn } from './sign-in.tsx'

export function App() {
  const { session, me, logout } = useSession()
  const { conversations, unreadCount } = useConversations()
  const [open, setOpen] = useState<string | null>(null)
  if (session.status !== 'signedIn') return <SignIn />
  return (
    <>
      <h1>
        {me?.user.displayName} ({unreadCount})
      </h1>
      <nav>
        {conversations.map(({ id, title, unreadCount: unread }) => (
          <button key={id} type="button" onClick={() => setOpen(id)}>
            {title} {unread > 0 && `(${unread})`}
          </button>
        ))}
      </nav>
      {open && <Chat key={open} id={open} />}
      <button type="button" onClick={() => void logout()}>
        Sign out
      </button>
    </>
  )
}
