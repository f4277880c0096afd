import { useQuery } from '@apollo/client/react'
import { useEffect, useState } from 'react'
import { Chat } from './chat.tsx'
import { First } from './documents.ts'
import { client, follow, session } from './parlance.ts'

export function Chats() {
  useEffect(follow, [])
  const { data } = useQuery(First)
  const [open, setOpen] = useState<string | null>(null)
  return (
    <>
      <h1>
        {data?.me.user.displayName} ({data?.me.unreadCount})
      </h1>
      <nav>
        {data?.conversations.nodes.map(({ id, title, membership: { unreadCount } }) => (
          <button key={id} type="button" onClick={() => setOpen(id)}>
            {title} {unreadCount > 0 && `(${unreadCount})`}
          </button>
        ))}
      </nav>
      {open && <Chat key={open} id={open} />}
      <button type="button" onClick={() => void session.logout().then(() => client.clearStore())}>
        Sign out
      </button>
    </>
  )
}
